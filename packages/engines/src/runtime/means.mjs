/**
 * What workers exchange through shared memory, one area for each shard. onnxruntime takes no shared memory as a tensor, so it
 * is copied in and out, at the speed of memory; loops in JavaScript would take ten times as long.
 *
 * @import { AreasRequest, ShareRequest, WireArray } from './protocol.js'
 */

/**
 * Copies a shard's results, in their order, into its area.
 * @type {(request: ShareRequest, results: readonly Float32Array[]) => void}
 */
export function share({ area }, results) {
  let offset = 0;
  for (const result of results) {
    area.set(result, offset);
    offset += result.length;
  }
}

/**
 * Where areas are copied to, by shard: the same memory in every step.
 * @type {Float32Array<ArrayBuffer>[]}
 */
const copies = [];

/**
 * The areas' arrays as feeds.
 * @type {(areas: AreasRequest) => Record<string, WireArray>}
 */
export function sharedFeeds({ areas, layout }) {
  /** @type {Record<string, WireArray>} */
  const feeds = {};
  areas.forEach((area, shard) => {
    const known = copies[shard];
    const copy = known?.length === area.length ? known : new Float32Array(area.length);
    copies[shard] = copy;
    copy.set(area);
    for (const { name, offset, shape } of layout) {
      const size = shape.reduce((product, dimension) => product * dimension, 1);
      feeds[`${name}/${shard}`] = { dtype: 'float32', shape, data: copy.subarray(offset, offset + size) };
    }
  });
  return feeds;
}
