import type { Tensor } from '@tensorflow/tfjs-core';

import type { Context } from '../context/context.js';
import { KindredError } from '../errors/kindred-error.js';
import { mapOrdered } from '../features/map-ordered.js';
import type { DistanceBlock } from '../metrics/verification/distance-block.js';
import type { EmbeddingHeadModel } from '../plugin/contract.js';
import type { Program } from '../plugin/engine-contract.js';
import { float32, type NdArray, type NdArrays } from '../tensor/nd-array.js';

import { headModel } from './branch-stage.js';
import type { BranchPlan } from './plan.js';
import type { BranchState } from './state.js';

/** Images a side of a block: differences `[256, 256, E]` of embeddings fit into memory, whatever formula compares them. */
const BLOCK = 256;

type Services = Pick<Context, 'engine' | 'signal'>;

/**
 * The program that compares the embeddings of a branch: `a` `[N, E]` and `b` `[M, E]` in, `distances` `[N, M]` out.
 * @throws KINDRED_PLUGIN_RESULT if its head compares nothing, in spite of its tag
 */
export async function distanceProgram(branch: BranchPlan, state: BranchState, ctx: Context): Promise<Program> {
  const { spec, weights } = requireHead(branch, state);
  const model = requireDistances(branch, await headModel(branch, spec, ctx));
  return {
    name: `${branch.name}.distances`,
    constants: weights,
    run: ({ inputs, constants }) => ({
      distances: model.distances(constants, inputs['a'] as Tensor, inputs['b'] as Tensor),
    }),
  };
}

/**
 * All distances between embeddings `[N, E]`, block by block along the rows of the upper triangle: never more than one block for each run
 * of the engine is in memory.
 */
export async function* distanceBlocks(
  program: Program,
  embeddings: NdArray<'float32'>,
  { engine, signal }: Services,
): AsyncGenerator<DistanceBlock> {
  const [images = 0, length = 1] = embeddings.shape;
  const size = Math.min(BLOCK, images);
  const executable = await engine.compile(program);
  // All blocks have the same shape, which is compiled once: what is left of the last ones is zero.
  const part = (start: number): NdArray<'float32'> => {
    const rows = float32([size, length]);
    rows.data.set(embeddings.data.subarray(start * length, Math.min(images, start + size) * length));
    return rows;
  };
  try {
    yield* mapOrdered(
      upperBlocks(images, size),
      engine.concurrency,
      async ({ row, column }): Promise<DistanceBlock> => {
        const outputs = await executable.run({ a: part(row), b: part(column) }, { signal });
        const [rows, columns] = [Math.min(size, images - row), Math.min(size, images - column)];
        const distances = requireShape(program.name, outputs, [size, size]);
        for (let r = 0; r < rows; r++) {
          requireDistance(program.name, distances.subarray(r * size, r * size + columns));
        }
        return { row, column, rows, columns, stride: size, distances };
      },
      signal,
    );
  } finally {
    await executable.dispose();
  }
}

function* upperBlocks(images: number, size: number) {
  for (let row = 0; row < images; row += size) {
    for (let column = row; column < images; column += size) yield { row, column };
  }
}

/** The values of a program's distances. @throws KINDRED_PLUGIN_RESULT for another shape */
export function requireShape(name: string, outputs: NdArrays, shape: readonly number[]): Float32Array {
  const output = outputs['distances'];
  if (output?.dtype === 'float32' && String(output.shape) === String(shape)) return output.data as Float32Array;
  throw new KindredError('KINDRED_PLUGIN_RESULT', {
    message: `The head of '${name}' must give float32 distances of shape [${shape.join(', ')}]. Got ${output?.dtype} of shape [${output?.shape.join(', ') ?? ''}].`,
    received: output?.shape,
  });
}

/** @throws KINDRED_PLUGIN_RESULT for a distance that is not a finite number of at least 0 */
export function requireDistance(name: string, distances: Float32Array): void {
  for (let i = 0; i < distances.length; i++) {
    if (distances[i]! >= 0 && distances[i]! < Infinity) continue;
    throw new KindredError('KINDRED_PLUGIN_RESULT', {
      message: `The head of '${name}' must give finite distances, none below 0. Got ${distances[i]}.`,
      received: distances[i],
    });
  }
}

function requireHead({ name }: BranchPlan, { head }: BranchState): NonNullable<BranchState['head']> {
  if (head) return head;
  throw new RangeError(`the head of the branch ${name} must be trained before its embeddings are compared`);
}

function requireDistances({ head }: BranchPlan, model: object): EmbeddingHeadModel {
  if ('distances' in model) return model as EmbeddingHeadModel;
  throw new KindredError('KINDRED_PLUGIN_RESULT', {
    message: `The head ${head?.component.name} must compare embeddings, since it has the tag "embedding". It has no \`distances\`.`,
  });
}
