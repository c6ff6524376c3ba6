import type { NdArrays } from '@kindred/core';

import { graphName } from '../trace/record-program.js';

import { failure, type Model } from './model.js';
import type { WireArray } from './protocol.js';
import type { Replicas } from './replicas.js';

/** How the runs of a program with variables are computed. */
export interface Runner {
  /** One run: changes the variables and gives the outputs. */
  run(inputs: NdArrays): Promise<NdArrays>;
  /** How many runs on such inputs should be given to `runAll` together. */
  runsAtOnce(inputs: NdArrays): number;
  /** One run after another, on inputs of equal shapes. */
  runAll(inputs: readonly NdArrays[]): Promise<readonly NdArrays[]>;
}

/**
 * Runs `model` in one replica and gives the graph's outputs. The inputs' buffers are moved there.
 * @throws KINDRED_ENGINE_COMPILE, KINDRED_ENGINE_RUN, KINDRED_ENGINE_WORKER
 */
export async function runModel(
  replicas: Replicas,
  index: number,
  model: Model,
  inputs: NdArrays,
  more: Pick<Parameters<Replicas['run']>[1], 'share' | 'areas'> = {},
): Promise<Readonly<Record<string, WireArray>>> {
  await replicas.load(index, model);
  const feeds = model.inputs.flatMap((name) => {
    const input = inputs[name];
    return input ? [[graphName.input(name), input] as const] : [];
  });
  try {
    return await replicas.run(index, {
      session: model.session,
      feeds: Object.fromEntries(feeds),
      variables: model.reads,
      outputs: model.outputs.map(graphName.output),
      ...more,
    });
  } catch (error) {
    throw failure('KINDRED_ENGINE_RUN', model, 'run', error);
  }
}
