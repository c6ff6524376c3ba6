import type { Attributes, Node, Value } from '../onnx/graph.js';

import { blockFilter, filterOf, type FilterBlocks } from './filter.js';
import type { Pass } from './pass.js';
import { blockedShape, fillsBlocks, imageShape, NCHWC, padded } from './layout.js';

/** What a blocked convolution was made from, as long as nothing but it has been computed. */
export interface BlockedConv {
  readonly image: Value;
  readonly filter: Value;
  readonly bias?: Value;
  readonly activation?: 'Relu';
  readonly attributes: Attributes;
  /** The old graph's result. */
  readonly shape: readonly number[];
}

const number = (attributes: Attributes, name: string, otherwise: number): number => {
  const attribute = attributes[name];
  return attribute && 'int' in attribute ? attribute.int : otherwise;
};

/**
 * A convolution whose filter changes from run to run. Those with constant filters are left to onnxruntime, which puts
 * them into blocks itself, with filters reordered once and for all.
 */
export function rewriteConv(node: Node, pass: Pass): boolean {
  const [image, filter, bias] = node.inputs;
  const [output] = node.outputs;
  if (!image || !filter || !output || pass.constants.has(filter)) return false;
  const plan = planConv(node, image, filter, pass);
  if (!plan) return false;
  const { forms } = pass;
  const { value, perm } = filterOf(filter);
  emitConv(pass, output, {
    image: plan.blockedImage ? forms.blocked(image) : forms.plain(image),
    filter: blockFilter(forms.emit, { value: forms.plain(value), perm }, plan.filter, forms.block),
    bias: bias && forms.plain(bias),
    attributes: node.attributes,
    shape: output.shape,
  });
  return true;
}

/**
 * Kernel positions up to which blocks pay. For each row of the result a blocked convolution reads 64 filters of 16 channels:
 * 4 KiB a position, which should stay in the second-level cache. Gradients of filters are convolutions by whole images; in
 * blocks they take twice the time.
 */
const LARGEST_KERNEL = 15 * 15;

interface ConvPlan {
  readonly blockedImage: boolean;
  readonly filter: FilterBlocks;
}

/** How onnxruntime's kernels can compute the convolution, if they can. */
function planConv(node: Node, image: Value, filter: Value, { forms }: Pass): ConvPlan | undefined {
  const shape = imageShape(image);
  const [outputs, perGroup, height, width] = imageShape(filter) ?? [0, 0, 0, 0];
  if (!shape || !outputs || height * width > LARGEST_KERNEL) return undefined;
  const { block } = forms;
  const [, inputs] = shape;
  const groups = number(node.attributes, 'group', 1);
  if (groups > 1) {
    const depthwise = perGroup === 1 && outputs === groups && outputs % block === 0;
    return depthwise && forms.canBlock(image) ? { blockedImage: true, filter: 'out' } : undefined;
  }
  if (inputs < block && !forms.hasBlocked(image)) {
    return fillsBlocks([outputs], block) ? { blockedImage: false, filter: 'out' } : undefined;
  }
  const fits = fillsBlocks([inputs, outputs], block) && forms.canBlock(image);
  return fits ? { blockedImage: true, filter: 'in-out' } : undefined;
}

function emitConv(pass: Pass, old: Value, conv: BlockedConv): void {
  const { emit, block } = pass.forms;
  const output = { type: 'float32', shape: blockedShape(imageShape(old) ?? [0, 0, 0, 0], block) } as const;
  const { image, filter, bias, activation } = conv;
  const attributes = { ...conv.attributes, ...(activation ? { activation: { string: activation } } : {}) };
  const wide = bias && padded(emit, bias, [filter.shape[0] as number]);
  const inputs = wide ? [image, filter, wide] : [image, filter];
  pass.forms.setBlocked(old, emit.node('Conv', inputs, output, { domain: NCHWC, attributes }));
  pass.convs.set(old, conv);
}

/** conv + bias: `Add` of one number a channel to a convolution that nothing else uses. */
export function fuseBias(node: Node, pass: Pass): boolean {
  const [output] = node.outputs;
  for (const [sum, other] of [node.inputs, [...node.inputs].reverse()]) {
    const conv = sum && pass.onlyUse(sum) ? pass.convs.get(sum) : undefined;
    if (!conv || conv.bias || conv.activation || !output || !other) continue;
    const channels = conv.shape[1] as number;
    if (!perChannel(other, channels) || output.shape.join() !== conv.shape.join()) continue;
    const bias = pass.forms.emit.reshape(pass.forms.plain(other), [channels]);
    emitConv(pass, output, { ...conv, bias });
    return true;
  }
  return false;
}

/** relu(conv), where nothing else uses the convolution. */
export function fuseRelu(node: Node, pass: Pass): boolean {
  const [input] = node.inputs;
  const [output] = node.outputs;
  const conv = input && pass.onlyUse(input) ? pass.convs.get(input) : undefined;
  if (!conv || conv.activation || !output) return false;
  emitConv(pass, output, { ...conv, activation: 'Relu' });
  return true;
}

/** True for `[1, C, 1, 1]` and `[C, 1, 1]`. */
function perChannel({ shape, type }: Value, channels: number): boolean {
  const [c, ...rest] = shape.slice(-3);
  const ones = [...rest, ...shape.slice(0, -3)];
  return type === 'float32' && c === channels && ones.length >= 2 && ones.every((size) => size === 1);
}
