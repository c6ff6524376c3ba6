import type { Node, Value } from '../onnx/graph.js';

import { blockedShape, memoryShape, spatialShape, type BlockSize, type ImageShape } from './layout.js';
import type { Pass } from './pass.js';

/**
 * What becomes of the zeros that fill up the last block. They may never become anything else: a filter's zero does not undo NaN.
 * `always`: zeros stay zeros, or the result is a mask, which no convolution reads. `images`: so long as all operands are images.
 * `never`: such images are left alone.
 */
type Padding = 'always' | 'images' | 'never';

const OPERATORS: Readonly<Record<string, Padding>> = {
  Relu: 'always',
  LeakyRelu: 'always',
  Elu: 'always',
  Tanh: 'always',
  Neg: 'always',
  Abs: 'always',
  Mul: 'always',
  Add: 'images',
  Sub: 'images',
  Max: 'images',
  Min: 'images',
  Where: 'images',
  Equal: 'always',
  Greater: 'always',
  GreaterOrEqual: 'always',
  Less: 'always',
  LessOrEqual: 'always',
  And: 'always',
  Or: 'always',
  Not: 'always',
  Div: 'never',
  Sqrt: 'never',
  Exp: 'never',
  Log: 'never',
  Sigmoid: 'never',
  Softplus: 'never',
  Cast: 'never',
  Clip: 'never',
  Pow: 'never',
};

/** How an operand meets the image: element by element, one number for all, or one for each channel (of each image). */
type Role = 'image' | 'number' | 'channel';

function roleOf({ shape }: Value, [batch, channels, height, width]: ImageShape): Role | undefined {
  if (shape.every((size) => size === 1)) return 'number';
  const [n, c, h, w] = [...new Array<number>(Math.max(0, 4 - shape.length)).fill(1), ...shape];
  if (n === batch && c === channels && h === height && w === width) return 'image';
  return (n === 1 || n === batch) && c === channels && h === 1 && w === 1 ? 'channel' : undefined;
}

/** An operator that works element by element, where more of its operands are at hand in blocks than plain. */
export function rewriteElementwise(node: Node, pass: Pass): boolean {
  const [output] = node.outputs;
  const padding = OPERATORS[node.op];
  const shape = output && spatialShape(output.shape);
  if (!shape || !padding || node.domain) return false;
  const operands = node.inputs.flatMap((value) => (value ? [{ value, role: roleOf(value, shape) }] : []));
  if (!worthwhile(operands, pass)) return false;
  if (shape[1] % pass.forms.block !== 0 && !keepsZeros(padding, operands)) return false;
  if (node.inputs.some((input) => !input)) return false;
  const value = operands.some(({ role }) => role === 'channel')
    ? inMemoryOrder(node, operands, shape, pass)
    : asImages(node, operands, shape, pass);
  // Masks have no reordering of their own: where a plain one is wanted, it is computed from plain operands.
  const recompute = output.type === 'float32' ? undefined : () => pass.forms.copy(node)[0] as Value;
  pass.forms.setBlocked(output, value, recompute);
  return true;
}

interface Operand {
  readonly value: Value;
  readonly role: Role | undefined;
}

function worthwhile(operands: readonly Operand[], { forms }: Pass): boolean {
  let balance = 0;
  let blocked = 0;
  for (const { value, role } of operands) {
    if (!role) return false;
    if (role !== 'image') continue;
    if (!forms.canBlock(value)) return false;
    if (forms.hasBlocked(value)) blocked++;
    balance += Number(forms.hasBlocked(value)) - Number(forms.hasPlain(value));
  }
  return blocked > 0 && balance >= 0;
}

function keepsZeros(padding: Padding, operands: readonly Operand[]): boolean {
  if (operands.some(({ role }) => role === 'channel')) return false;
  if (padding !== 'images') return padding === 'always';
  return operands.every(({ value, role }) => role === 'image' || isZero(value));
}

function isZero({ source }: Value): boolean {
  if (source.kind !== 'constant') return false;
  const { constant } = source;
  return constant.kind === 'fill' ? constant.value === 0 : constant.data.length === 1 && Number(constant.data[0]) === 0;
}

function asImages(node: Node, operands: readonly Operand[], shape: ImageShape, { forms }: Pass): Value {
  const { type } = node.outputs[0] as Value;
  const inputs = operands.map(({ value, role }) => (role === 'image' ? forms.blocked(value) : forms.plain(value)));
  const output = { type, shape: blockedShape(shape, forms.block) };
  return forms.emit.node(node.op, inputs, output, { attributes: node.attributes });
}

/** The same on five axes, of which one number a channel needs two: whole blocks only. */
function inMemoryOrder(node: Node, operands: readonly Operand[], shape: ImageShape, { forms }: Pass): Value {
  const { emit, block } = forms;
  const inputs = operands.map(({ value, role }) => {
    if (role === 'image') return emit.reshape(forms.blocked(value), memoryShape(shape, block));
    return role === 'channel' ? channelOperand(forms.plain(value), emit.reshape.bind(emit), block) : forms.plain(value);
  });
  const { type } = node.outputs[0] as Value;
  const output = { type, shape: memoryShape(shape, block) };
  const value = emit.node(node.op, inputs, output, { attributes: node.attributes });
  return emit.reshape(value, blockedShape(shape, block));
}

/** `[n, C, 1, 1]` as `[n, C / block, 1, 1, block]`: the order in memory is the same. */
function channelOperand(
  value: Value,
  reshape: (value: Value, shape: readonly number[]) => Value,
  block: BlockSize,
): Value {
  const [n, channels] = value.shape.length === 4 ? value.shape : [1, value.shape[0]];
  return reshape(value, [n, (channels as number) / block, 1, 1, block]);
}
