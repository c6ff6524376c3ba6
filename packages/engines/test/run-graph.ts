import { float32, type NdArray, type NdArrays } from '@kindred/core';
import { InferenceSession, Tensor } from 'onnxruntime-node';

import { graphOf, type Graph } from '../src/onnx/graph.js';
import { serialize } from '../src/onnx/serialize.js';
import type { Emitter } from '../src/trace/emitter.js';
import { SymbolicTensor } from '../src/trace/symbolic-tensor.js';

/** A float32 input of the graph. */
export const inputOf = (emit: Emitter, name: string, { shape }: NdArray): SymbolicTensor =>
  new SymbolicTensor(shape, 'float32', emit.input(name, 'float32', shape));

/** Computes one tensor of a graph with onnxruntime, on this thread. `change` rewrites the graph before. */
export async function computed(
  emit: Emitter,
  output: SymbolicTensor,
  inputs: NdArrays,
  change: (graph: Graph) => Graph = (graph) => graph,
): Promise<NdArray<'float32'>> {
  const graph = change(graphOf('test', [{ name: 'y', value: emit.plain(output) }]));
  const session = await InferenceSession.create(serialize(graph), { intraOpNumThreads: 1, logSeverityLevel: 4 });
  try {
    const used = session.inputNames.map((name) => {
      const { data, shape } = inputs[name] as NdArray<'float32'>;
      return [name, new Tensor('float32', data, shape)] as const;
    });
    const { y } = await session.run(Object.fromEntries(used));
    return float32(output.shape, (y as Tensor).data as Float32Array);
  } finally {
    await session.release();
  }
}
