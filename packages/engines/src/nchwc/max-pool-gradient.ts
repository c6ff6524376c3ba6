import type { MaxPoolGradient } from '../onnx/gradients.js';
import type { Value } from '../onnx/graph.js';
import type { Emitter } from '../trace/emitter.js';

import { blockedShape, imageShape, NCHWC, padded, type BlockSize, type ImageShape } from './layout.js';
import type { Pass } from './pass.js';

/** Windows that lie side by side, from the first element on; what is left over at the end is in no window. */
export function fitsMaxPoolGradient({ images, window }: MaxPoolGradient): boolean {
  const { kernel, strides, dilations, pads } = window;
  const [, channels] = imageShape(images) ?? [0, NaN];
  return (
    channels % 4 === 0 &&
    kernel.every((size, axis) => size === strides[axis] && dilations[axis] === 1) &&
    pads.every((count) => count === 0)
  );
}

/**
 * Writes `output`, which is `gradient`: every element that equals its window's greatest, but only the first of such in a
 * window, takes the window's gradient.
 */
export function writeMaxPoolGradient(output: Value, gradient: MaxPoolGradient, { forms }: Pass): void {
  const { emit, block } = forms;
  const { images, window } = gradient;
  const [pooled, dy] = [forms.blocked(gradient.pooled), forms.blocked(gradient.dy)];
  const [batch, channels, height, width] = images.shape as ImageShape;
  const [rows, columns] = window.kernel;
  const [, , outHeight, outWidth] = gradient.pooled.shape as ImageShape;
  const covered: ImageShape = [batch, channels, outHeight * rows, outWidth * columns];
  const inside = crop(emit, forms.blocked(images), covered, block);
  const greatest = emit.node('Equal', [inside, enlarge(emit, pooled, window.kernel)], {
    type: 'bool',
    shape: inside.shape,
  });
  const first = firstOfWindow(emit, greatest, covered, window.kernel, block);
  const spread = emit.node('Mul', [emit.cast(first, 'float32'), enlarge(emit, dy, window.kernel)], inside);
  forms.setBlocked(output, uncrop(emit, spread, covered, [batch, channels, height, width], block));
}

/** Repeats each pixel over a window. */
function enlarge(emit: Emitter, value: Value, [rows, columns]: readonly [number, number]): Value {
  const [batch, channels, height, width] = value.shape as ImageShape;
  const attributes = { scales: { ints: [1, 1, rows, columns] }, mode: { string: 'nearest' } };
  const output = { type: 'float32', shape: [batch, channels, height * rows, width * columns] } as const;
  return emit.node('Upsample', [value], output, { domain: NCHWC, attributes });
}

/** The flags of `mask` that no earlier flag of the same window, row by row, comes before. */
function firstOfWindow(
  emit: Emitter,
  mask: Value,
  [batch, channels, height, width]: ImageShape,
  [rows, columns]: readonly [number, number],
  block: BlockSize,
): Value {
  if (rows * columns === 1) return mask;
  const count = ((mask.shape[1] as number) / block) * batch * (height / rows);
  const byRow = split(emit, emit.reshape(mask, [count, rows, width * block]), rows);
  let taken: Value | undefined;
  const kept = byRow.map((row) => {
    const places = split(emit, emit.reshape(row, [count * (width / columns), columns, block]), columns);
    const firsts = places.map((place) => {
      const first = taken ? and(emit, place, not(emit, taken)) : place;
      taken = taken ? or(emit, taken, place) : place;
      return first;
    });
    return emit.reshape(concat(emit, firsts), [count, 1, width * block]);
  });
  return emit.reshape(concat(emit, kept), blockedShape([batch, channels, height, width], block));
}

/** The parts of axis 1, of length 1 each. */
function split(emit: Emitter, value: Value, parts: number): readonly Value[] {
  if (parts === 1) return [value];
  const [outer, , inner] = value.shape as [number, number, number];
  const output = { type: value.type, shape: [outer, 1, inner] };
  const attributes = { axis: { int: 1 }, num_outputs: { int: parts } };
  return emit.nodes(
    'Split',
    [value],
    Array.from({ length: parts }, () => output),
    { attributes },
  );
}

function concat(emit: Emitter, values: readonly Value[]): Value {
  const [first] = values as [Value];
  if (values.length === 1) return first;
  const [outer, , inner] = first.shape as [number, number, number];
  const output = { type: first.type, shape: [outer, values.length, inner] };
  return emit.node('Concat', values, output, { attributes: { axis: { int: 1 } } });
}

const and = (emit: Emitter, a: Value, b: Value): Value => emit.node('And', [a, b], a);
const or = (emit: Emitter, a: Value, b: Value): Value => emit.node('Or', [a, b], a);
const not = (emit: Emitter, a: Value): Value => emit.node('Not', [a], a);

/** The rows and columns that are in windows. */
function crop(emit: Emitter, value: Value, covered: ImageShape, block: BlockSize): Value {
  const [, , height, width] = covered;
  if (value.shape[2] === height && value.shape[3] === width) return value;
  const view = emit.reshape(value, rowsView(value.shape as ImageShape, block));
  const shape = [view.shape[0] as number, height, width * block];
  const range = [
    [0, 0],
    [height, width * block],
    [1, 2],
  ].map((ends) => emit.ints(ends));
  const cut = emit.node('Slice', [view, ...range], { type: 'float32', shape });
  return emit.reshape(cut, blockedShape(covered, block));
}

/** Back to the images' size, with zeros for what was in no window. */
function uncrop(emit: Emitter, value: Value, covered: ImageShape, full: ImageShape, block: BlockSize): Value {
  const view = emit.reshape(value, rowsView(blockedShape(covered, block), block));
  const whole = padded(emit, view, rowsView(blockedShape(full, block), block));
  return emit.reshape(whole, blockedShape(full, block));
}

/** `[N * C / block, H, W * block]`: rows as they lie in memory. */
const rowsView = ([batch, channels, height, width]: ImageShape, block: BlockSize): readonly number[] => [
  (batch * channels) / block,
  height,
  width * block,
];
