/**
 * Means that workers exchange through shared memory, one area for each shard. onnxruntime takes no shared memory as a
 * tensor, so they are copied in and averaged out.
 *
 * @import { MeansRequest, ShareRequest, WireArray } from './protocol.js'
 */

/** @type {(buffer: SharedArrayBuffer, shard: number, shards: number) => Float32Array} */
const areaOf = (buffer, shard, shards) => {
  const length = buffer.byteLength / Float32Array.BYTES_PER_ELEMENT / shards;
  return new Float32Array(buffer, shard * length * Float32Array.BYTES_PER_ELEMENT, length);
};

/**
 * Copies a shard's results, in their order, into its area.
 * @type {(request: ShareRequest, results: readonly Float32Array[]) => void}
 */
export function shareMeans({ buffer, shard, shards }, results) {
  const area = areaOf(buffer, shard, shards);
  let offset = 0;
  for (const result of results) {
    area.set(result, offset);
    offset += result.length;
  }
}

/**
 * Where averages are put: the same memory in every step.
 * @type {WeakMap<SharedArrayBuffer, Float32Array<ArrayBuffer>>}
 */
const averages = new WeakMap();

/**
 * The shards' mean, weighted by `weights`. Every worker computes the same bits: the same products and sums in the same order.
 * @type {(request: MeansRequest) => Record<string, WireArray>}
 */
export function averagedMeans({ buffer, shards, weights, arrays }) {
  const [first, ...others] = weights.map((weight, shard) => ({ weight, area: areaOf(buffer, shard, shards) }));
  if (!first) return {};
  const { length } = first.area;
  const mean = averages.get(buffer) ?? new Float32Array(length);
  averages.set(buffer, mean);
  for (let i = 0; i < length; i++) mean[i] = first.weight * /** @type {number} */ (first.area[i]);
  for (const { weight, area } of others) {
    for (let i = 0; i < length; i++) {
      mean[i] = /** @type {number} */ (mean[i]) + weight * /** @type {number} */ (area[i]);
    }
  }
  /** @type {Record<string, WireArray>} */
  const feeds = {};
  let offset = 0;
  for (const { name, shape } of arrays) {
    const size = shape.reduce((product, dimension) => product * dimension, 1);
    feeds[name] = { dtype: 'float32', shape, data: mean.subarray(offset, offset + size) };
    offset += size;
  }
  return feeds;
}
