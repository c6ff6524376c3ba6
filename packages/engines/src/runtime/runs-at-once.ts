import { sizeOf, type NdArrays } from '@kindred/core';

import { countOperations } from '../onnx/operations.js';
import { graphName } from '../trace/record-program.js';

import type { Model } from './model.js';

/** More gain little, and take longer to compile: sixteen steps of a dense head half a second. */
const MOST = 16;
/** Inputs of all the runs together: they wait in memory. */
const MOST_BYTES = 16 * 2 ** 20;

/*
 * Rough figures of one processor, constants so that a program is always computed in the same way. onnxruntime-node copies each
 * updated variable into fresh memory once in every call, which costs more than arithmetic on it.
 */
const OPERATIONS_PER_SECOND = 70e9;
const SECONDS_PER_COPIED_BYTE = 0.3e-9;
/** Copying that takes a smaller share of a run is not worth a second session. */
const WORTHWHILE = 0.03;

/** How many runs of a model should be computed as one: several where copying updated variables costs much beside the rest. */
export function runsAtOnce({ graph, updates }: Model, inputs: NdArrays): number {
  const updated = new Set(updates.map(graphName.update));
  const outputs = graph.outputs.filter(({ name }) => updated.has(name));
  const copied = outputs.reduce((sum, { value }) => sum + 4 * sizeOf(value.shape), 0);
  const seconds = countOperations(graph) / OPERATIONS_PER_SECOND;
  if (copied * SECONDS_PER_COPIED_BYTE < WORTHWHILE * seconds) return 1;
  const bytes = Object.values(inputs).reduce((sum, { data }) => sum + data.byteLength, 0);
  return Math.max(1, Math.min(MOST, Math.floor(MOST_BYTES / bytes)));
}
