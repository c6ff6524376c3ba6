import type { Value, ValueInfo } from '../onnx/graph.js';
import type { Emitter } from '../trace/emitter.js';

/**
 * Channels that lie side by side in memory, as onnxruntime's processor kernels want them: 16 with AVX-512, 8 elsewhere.
 * A blocked image of shape `[N, C, H, W]` is stored as `[N, C / block, H, W, block]` under the shape `[N, C', H, W]`, where C'
 * is C rounded up to whole blocks.
 */
export type BlockSize = 8 | 16;

/** onnxruntime's internal operators on blocked images. */
export const NCHWC = 'com.microsoft.nchwc';

export type ImageShape = readonly [batch: number, channels: number, height: number, width: number];

/** The shape of a batch of float32 images in NCHW order; undefined for anything else and for empty ones. */
export function imageShape({ type, shape }: ValueInfo): ImageShape | undefined {
  return type === 'float32' ? spatialShape(shape) : undefined;
}

/** The same for any type: masks are images too. */
export function spatialShape(shape: readonly number[]): ImageShape | undefined {
  return shape.length === 4 && shape.every((size) => size > 0) ? (shape as unknown as ImageShape) : undefined;
}

export const roundUp = (channels: number, block: BlockSize): number => Math.ceil(channels / block) * block;

/**
 * Whether enough of what is computed on blocks of these channels is wanted: where half of it or more only fills blocks up, plain
 * operators are as fast or faster (measured with 4, 8 and 24 filters in blocks of 16: 1.5, 1.1 and 1.05 times the plain step).
 */
export function fillsBlocks(channels: readonly number[], block: BlockSize): boolean {
  return channels.reduce((share, count) => (share * count) / roundUp(count, block), 1) > 1 / 2;
}

/** The shape under which the blocked form of an image is known. */
export function blockedShape([batch, channels, height, width]: ImageShape, block: BlockSize): ImageShape {
  return [batch, roundUp(channels, block), height, width];
}

/** `[N, C / block, H, W, block]`: what a blocked image is in memory. Here operators can tell its axes apart. */
export function memoryShape([batch, channels, height, width]: ImageShape, block: BlockSize): readonly number[] {
  return [batch, roundUp(channels, block) / block, height, width, block];
}

/** `value` with zeros after its end along each axis until it has `shape`. */
export function padded(emit: Emitter, value: Value, shape: readonly number[]): Value {
  const missing = shape.map((size, axis) => size - (value.shape[axis] as number));
  if (missing.every((count) => count === 0)) return value;
  return emit.node('Pad', [value, emit.ints([...shape.map(() => 0), ...missing])], { type: value.type, shape });
}
