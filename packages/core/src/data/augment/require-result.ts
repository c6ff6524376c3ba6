import { KindredError } from '../../errors/kindred-error.js';
import type { Bound } from '../../plugin/bound.js';
import type { Affine, ImageBatchData } from '../../plugin/contract.js';
import { sizeOf, type DType, type NdArray } from '../../tensor/nd-array.js';

type Augmentation = Bound<'augmentation'>;

/** @throws KINDRED_PLUGIN_RESULT unless `value` is six finite numbers */
export function requireAffine(bound: Augmentation, value: unknown): Affine {
  if (isAffine(value)) return value;
  throw wrongResult(bound, 'geometry', 'six finite numbers', describe(value));
}

const isAffine = (value: unknown): value is Affine =>
  Array.isArray(value) && value.length === 6 && value.every((part) => Number.isFinite(part));

/** @throws KINDRED_PLUGIN_RESULT unless `value` is a uint8 array of the shape of `given` */
export function requireImage(bound: Augmentation, value: unknown, given: NdArray<'uint8'>): NdArray<'uint8'> {
  requireArray(bound, 'apply', 'the image as', value, given);
  return value as NdArray<'uint8'>;
}

/** @throws KINDRED_PLUGIN_RESULT unless images and targets have the type and shape of those given, and targets are in [0, 1] */
export function requireBatch(bound: Augmentation, value: unknown, given: ImageBatchData): ImageBatchData {
  const { images, targets } = (value ?? {}) as Partial<ImageBatchData>;
  requireArray(bound, 'mix', 'images as', images, given.images);
  requireArray(bound, 'mix', 'targets as', targets, given.targets);
  const odd = (targets as NdArray<'float32'>).data.find((share) => !(share >= 0 && share <= 1));
  if (odd !== undefined) throw wrongResult(bound, 'mix', 'targets in [0, 1]', String(odd));
  return value as ImageBatchData;
}

function requireArray(bound: Augmentation, step: string, what: string, value: unknown, like: NdArray): void {
  const { dtype, shape, data } = (value ?? {}) as Partial<NdArray>;
  const fits =
    dtype === like.dtype &&
    Array.isArray(shape) &&
    shape.join() === like.shape.join() &&
    data instanceof HOLDERS[like.dtype] &&
    data.length === sizeOf(like.shape);
  if (fits) return;
  const seen = dtype === undefined || !Array.isArray(shape) ? describe(value) : describeArray(dtype, shape, data);
  throw wrongResult(bound, step, `${what} ${like.dtype} [${like.shape.join(', ')}]`, seen);
}

const HOLDERS = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array, bool: Uint8Array } as const;

function describeArray(dtype: DType, shape: readonly number[], data: unknown): string {
  const values = ArrayBuffer.isView(data) ? `${(data as Uint8Array).length} values` : describe(data);
  return `${dtype} [${shape.join(', ')}] of ${values}`;
}

function describe(value: unknown): string {
  if (value instanceof Promise) return 'a promise';
  return Array.isArray(value) ? `[${value.map(String).join(', ')}]` : value === null ? 'null' : typeof value;
}

function wrongResult({ component, plugin }: Augmentation, step: string, expected: string, seen: string): KindredError {
  return new KindredError('KINDRED_PLUGIN_RESULT', {
    message: `The augmentation ${component.name} of ${plugin} must return ${expected} from "${step}". Got ${seen}.`,
    received: seen,
    hint: 'This is an error in the plugin: the checks of @kindred/core/testing show it, tell its author.',
  });
}
