import { GraphBuilder } from '../onnx/graph-builder.js';
import { graphOf, type Graph } from '../onnx/graph.js';
import { serialize } from '../onnx/serialize.js';
import { WorkerThread } from '../runtime/worker-thread.js';

import type { WeightBits } from './parameters.js';

/** Long enough for every kernel's main loop, and for sums far beyond 16 bits. */
const DEPTH = 64;
const ROWS = 16;
const LARGEST = { byte: 255, weight: 127 } as const;
const EXPECTED = DEPTH * LARGEST.byte * LARGEST.weight;

/**
 * 7 where the processor clips the sum of two 8-bit products to 16 bits (x86 without VNNI), else 8. Eight bits are right there
 * too, but slow. It is found out by computing: names of instruction sets differ between systems, and runtimes choose.
 */
export async function probeWeightBits(): Promise<WeightBits> {
  const thread = new WorkerThread();
  try {
    const model = serialize(productGraph());
    const load = { type: 'load', session: 0, model, threads: 1, updates: [] } as const;
    await thread.request(load, [model.buffer]);
    const x = { dtype: 'uint8', shape: [ROWS, DEPTH], data: new Uint8Array(ROWS * DEPTH).fill(LARGEST.byte) } as const;
    const run = { type: 'run', session: 0, feeds: { x }, variables: [], outputs: ['y'] } as const;
    const { y } = await thread.request(run);
    return y?.data.every((sum) => sum === EXPECTED) ? 8 : 7;
  } finally {
    await thread.close();
  }
}

/** x `[16, 64]` uint8 times a constant `[64, 16]` int8, as int32. */
function productGraph(): Graph {
  const graph = new GraphBuilder();
  const x = graph.input('x', { type: 'uint8', shape: [ROWS, DEPTH] });
  const data = new Int8Array(DEPTH * ROWS).fill(LARGEST.weight);
  const weights = graph.constant({ kind: 'dense', data }, 'int8', [DEPTH, ROWS]);
  const [y] = graph.node('MatMulInteger', [x, weights], [{ type: 'int32', shape: [ROWS, ROWS] }]);
  if (!y) throw new Error('a node has an output');
  return graphOf('8-bit products', [{ name: 'y', value: y }]);
}
