import type { Node, Value } from '../onnx/graph.js';
import { Emitter } from '../trace/emitter.js';

import { blockedShape, imageShape, NCHWC, type BlockSize, type ImageShape } from './layout.js';

/** From NCHW to NHWC and back. */
const TO_CHANNELS_LAST = [0, 2, 3, 1];
const TO_CHANNELS_FIRST = [0, 3, 1, 2];

/** ReorderInput moves four channels at a time. */
const REORDER_STEP = 4;

/** One value of the old graph in the new one, in up to three orders in memory, each made when it is first asked for. */
interface Entry {
  plain?: Value;
  channelsLast?: Value;
  blocked?: Value;
  /** Computes the plain form anew, for types that cannot be reordered. */
  recompute?: () => Value;
}

/** The new graph while it is written, and where each value of the old graph is found in it. */
export class Forms {
  readonly emit = new Emitter();
  readonly #entries = new Map<Value, Entry>();

  constructor(readonly block: BlockSize) {}

  setPlain(old: Value, plain: Value): void {
    this.#entry(old).plain = plain;
  }

  /** `recompute` is needed for values that are not float32. */
  setBlocked(old: Value, blocked: Value, recompute?: () => Value): void {
    Object.assign(this.#entry(old), { blocked, recompute });
  }

  /** Says that `old` is NCHW and given as NHWC. */
  setChannelsLast(old: Value, channelsLast: Value): void {
    this.#entry(old).channelsLast = channelsLast;
  }

  hasPlain(old: Value): boolean {
    return this.#entry(old).plain !== undefined;
  }

  hasBlocked(old: Value): boolean {
    return this.#entry(old).blocked !== undefined;
  }

  /** True if the blocked form is there or can be made by reordering. */
  canBlock(old: Value): boolean {
    const [, channels] = imageShape(old) ?? [0, NaN];
    return this.hasBlocked(old) || channels % REORDER_STEP === 0;
  }

  /** The value in the old graph's own order. */
  plain(old: Value): Value {
    const entry = this.#entry(old);
    entry.plain ??= this.#makePlain(old, entry);
    return entry.plain;
  }

  /** An NCHW image as NHWC. */
  channelsLast(old: Value): Value {
    const entry = this.#entry(old);
    if (!entry.channelsLast && entry.blocked && !entry.plain && imageShape(old)) {
      const [batch, channels, height, width] = old.shape as ImageShape;
      entry.channelsLast = this.#reorderOutput(entry.blocked, [batch, height, width, channels], channels, true);
    }
    entry.channelsLast ??= this.emit.transpose(this.plain(old), TO_CHANNELS_LAST);
    return entry.channelsLast;
  }

  /** An NCHW image in blocks. Ask `canBlock` before. */
  blocked(old: Value): Value {
    const entry = this.#entry(old);
    entry.blocked ??= this.#makeBlocked(old, entry);
    return entry.blocked;
  }

  #makePlain(old: Value, { channelsLast, blocked, recompute }: Entry): Value {
    if (recompute) return recompute();
    if (channelsLast) return this.emit.transpose(channelsLast, TO_CHANNELS_FIRST);
    if (blocked) return this.#reorderOutput(blocked, old.shape, old.shape[1] as number, false);
    throw new Error(`the value ${old.id} is used before it is computed`);
  }

  #makeBlocked(old: Value, { channelsLast, plain }: Entry): Value {
    const shape = imageShape(old);
    if (!shape) throw new Error('only images can be put into blocks');
    const source = !plain && channelsLast ? channelsLast : this.plain(old);
    const attributes = { channels_last: { int: Number(source === channelsLast) } };
    const output = { type: 'float32', shape: blockedShape(shape, this.block) } as const;
    return this.emit.node('ReorderInput', [source], output, { domain: NCHWC, attributes });
  }

  #reorderOutput(blocked: Value, shape: readonly number[], channels: number, last: boolean): Value {
    const attributes = { channels: { int: channels }, channels_last: { int: Number(last) } };
    return this.emit.node('ReorderOutput', [blocked], { type: 'float32', shape }, { domain: NCHWC, attributes });
  }

  /** The node as it was, on plain values. */
  copy(node: Node): readonly Value[] {
    const { domain, attributes } = node;
    const inputs = node.inputs.map((input) => input && this.plain(input));
    return this.emit.nodes(node.op, inputs, node.outputs, { domain, attributes });
  }

  #entry(old: Value): Entry {
    const entry = this.#entries.get(old) ?? {};
    this.#entries.set(old, entry);
    return entry;
  }
}
