import type { Graph, Value } from '../onnx/graph.js';
import { graphName } from '../trace/record-program.js';
import type { Emitter } from '../trace/emitter.js';

import { rewrite } from './rewrite.js';

/** The outputs of an observed graph, float32 `[values, N]` each. */
export const EXTREMES = ['minimum', 'maximum'] as const;

/** The graph that gives the smallest and largest number of each of `values` for each image instead of its outputs. */
export function observed(graph: Graph, values: readonly Value[]): Graph {
  const keep = () => undefined;
  return rewrite(graph, keep, (_, copyOf, emit) =>
    EXTREMES.map((name) => {
      const op = name === 'minimum' ? 'ReduceMin' : 'ReduceMax';
      const rows = values.map((value) => row(op, copyOf(value), emit));
      return { name: graphName.output(name), value: stacked(rows, emit) };
    }),
  );
}

/** `[N, ...]` reduced to `[1, N]`. */
function row(op: string, value: Value, emit: Emitter): Value {
  const [batch = 1, ...rest] = value.shape;
  const axes = emit.ints(rest.map((_, i) => i + 1));
  const attributes = { keepdims: { int: 0 } };
  return emit.reshape(emit.node(op, [value, axes], { type: 'float32', shape: [batch] }, { attributes }), [1, batch]);
}

function stacked(rows: readonly Value[], emit: Emitter): Value {
  const shape = [rows.length, rows[0]?.shape[1] ?? 0];
  return emit.node('Concat', rows, { type: 'float32', shape }, { attributes: { axis: { int: 0 } } });
}
