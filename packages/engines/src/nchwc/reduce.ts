import type { Node, Value } from '../onnx/graph.js';

import { imageShape, memoryShape, type ImageShape } from './layout.js';
import type { Pass } from './pass.js';

const KEPT_BATCH = '2,3';
const WHOLE_BATCH = '0,2,3';

/** Sums and means over whole images, or over the whole batch, of what is in blocks and not at hand plain. */
export function rewriteReduce(node: Node, pass: Pass): boolean {
  const [image, axes] = node.inputs;
  const [output] = node.outputs;
  const shape = image && imageShape(image);
  const over = axes && intsOf(axes)?.join();
  if (!output || !shape || (over !== KEPT_BATCH && over !== WHOLE_BATCH)) return false;
  const { forms } = pass;
  if (!forms.hasBlocked(image) || forms.hasPlain(image)) return false;
  const perImage = overPixels(node.op, image, shape, pass);
  const whole = over === KEPT_BATCH ? perImage : overBatch(node.op, perImage, pass);
  forms.setPlain(output, forms.emit.reshape(onlyChannels(whole, shape[1], pass), output.shape));
  return true;
}

/** `[N, C']`. One axis after another: onnxruntime has fast ways for single ones only. */
function overPixels(op: string, image: Value, shape: ImageShape, { forms }: Pass): Value {
  const { emit, block } = forms;
  const [batch, blocks, height, width] = memoryShape(shape, block) as [number, number, number, number];
  const view = emit.reshape(forms.blocked(image), [batch * blocks, height * width, block]);
  const attributes = { keepdims: { int: 0 } };
  const output = { type: 'float32', shape: [batch * blocks, block] } as const;
  return emit.reshape(emit.node(op, [view, emit.ints([1])], output, { attributes }), [batch, blocks * block]);
}

/** `[1, C']` */
function overBatch(op: string, perImage: Value, { forms: { emit } }: Pass): Value {
  const output = { type: 'float32', shape: [1, perImage.shape[1] as number] } as const;
  return emit.node(op, [perImage, emit.ints([0])], output, { attributes: { keepdims: { int: 1 } } });
}

function onlyChannels(value: Value, channels: number, { forms: { emit } }: Pass): Value {
  if (value.shape[1] === channels) return value;
  const range = [[0], [channels], [1]].map((ends) => emit.ints(ends));
  return emit.node('Slice', [value, ...range], { type: 'float32', shape: [value.shape[0] as number, channels] });
}

function intsOf({ source }: Value): readonly number[] | undefined {
  if (source.kind !== 'constant' || source.constant.kind !== 'dense') return undefined;
  return Array.from(source.constant.data as ArrayLike<number | bigint>, Number);
}
