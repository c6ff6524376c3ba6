import type { Attributes, Graph, Node, Value } from '../onnx/graph.js';
import type { Emitter } from '../trace/emitter.js';

import { floatsOf, intsOf } from './constants.js';
import { madeBy, rewrite, type Inputs } from './rewrite.js';

/**
 * Makes zeros that are put around an image part of the convolution or maximum that reads them. As an operator of its own the
 * padding would be done in float32, between two conversions.
 */
export function foldPad(graph: Graph): Graph {
  return rewrite(graph, (node, inputs, emit) => {
    if (node.op !== 'Conv' && node.op !== 'MaxPool') return undefined;
    const padding = paddingOf(inputs[0], emit);
    if (!padding || !aroundImages(padding.pads)) return undefined;
    const pads = windowPads(node, padding.pads);
    // A maximum knows no padding but with its smallest number: that is zero only beside a ReLU.
    if (node.op === 'MaxPool' && !(madeBy(padding.input, 'Relu') && insideOfWindow(node, pads))) return undefined;
    return written(node, [padding.input, ...inputs.slice(1)], { ...node.attributes, pads: { ints: pads } }, emit);
  });
}

const written = (node: Node, inputs: Inputs, attributes: Attributes, emit: Emitter) =>
  emit.nodes(node.op, inputs, node.outputs, { attributes, domain: node.domain });

interface Padding {
  readonly input: Value;
  /** Before and after each axis of `input`, in ONNX' order. */
  readonly pads: readonly number[];
}

/** Zeros around `value`, which may have been transposed since. */
function paddingOf(value: Value | undefined, emit: Emitter): Padding | undefined {
  const transpose = madeBy(value, 'Transpose');
  const perm = transpose?.attributes['perm'];
  if (transpose && perm && 'ints' in perm) {
    const inner = zeroPad(transpose.inputs[0]);
    if (!inner) return undefined;
    const rank = perm.ints.length;
    const pads = [0, rank].flatMap((side) => perm.ints.map((axis) => inner.pads[side + axis] ?? 0));
    return { input: emit.transpose(inner.input, perm.ints), pads };
  }
  return zeroPad(value);
}

function zeroPad(value: Value | undefined): Padding | undefined {
  const node = madeBy(value, 'Pad');
  const [input, amounts, fill] = node?.inputs ?? [];
  const pads = intsOf(amounts);
  const mode = node?.attributes['mode'];
  const constant = !mode || ('string' in mode && mode.string === 'constant');
  const zero = fill === undefined || floatsOf(fill)?.[0] === 0;
  return input && pads && constant && zero && pads.every((pad) => pad >= 0) ? { input, pads } : undefined;
}

/** True if only the last two of four axes are padded. */
const aroundImages = (pads: readonly number[]): boolean =>
  pads.length === 8 && [0, 1, 4, 5].every((i) => pads[i] === 0);

/** The window's own padding and that around its input: top, left, bottom, right. */
function windowPads({ attributes }: Node, [, , top = 0, left = 0, , , bottom = 0, right = 0]: readonly number[]) {
  const own = attributes['pads'];
  const pads = own && 'ints' in own ? own.ints : [0, 0, 0, 0];
  return [top, left, bottom, right].map((pad, i) => pad + (pads[i] ?? 0));
}

/** True if no window lies in the padding alone. */
function insideOfWindow({ attributes }: Node, pads: readonly number[]): boolean {
  const kernel = attributes['kernel_shape'];
  const sizes = kernel && 'ints' in kernel ? kernel.ints : [];
  return pads.every((pad, i) => pad < (sizes[i % 2] ?? 0));
}
