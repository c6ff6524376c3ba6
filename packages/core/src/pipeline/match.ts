import type { Context } from '../context/context.js';
import type { Match } from '../host/types.js';
import type { Executable } from '../plugin/engine-contract.js';
import type { NdArray } from '../tensor/nd-array.js';

import { distanceProgram, requireDistance, requireShape } from './embedding-distances.js';
import { distanceOf } from './embedding-pairs.js';
import type { BranchPlan } from './plan.js';
import type { BranchState } from './state.js';

/** Known images of a branch: their names, and embeddings `[G, E]`. */
export interface KnownEmbeddings {
  readonly names: readonly string[];
  readonly embeddings: NdArray<'float32'>;
}

/** Compares embeddings with known ones. */
export interface Matcher {
  /** From this distance down two images show the same. */
  readonly threshold: number;
  /** For each of `[N, E]` the distance of every name, the nearest first; none where nothing is known. */
  match(embeddings: NdArray<'float32'>, known: KnownEmbeddings | undefined): Promise<readonly (readonly Match[])[]>;
}

/** Makes the program that compares; nothing is compiled before it is run. */
export async function createMatcher(branch: BranchPlan, state: BranchState, ctx: Context): Promise<Matcher> {
  const program = await distanceProgram(branch, state, ctx);
  const [score = 0] = state.thresholds?.values ?? [];
  const threshold = distanceOf(score);
  let compiled: Promise<Executable> | undefined;
  return {
    threshold,
    async match(embeddings, known) {
      const [rows = 0] = embeddings.shape;
      if (!known || known.names.length === 0) return Array.from({ length: rows }, () => []);
      compiled ??= ctx.engine.compile(program);
      const outputs = await (await compiled).run({ a: embeddings, b: known.embeddings }, { signal: ctx.signal });
      const { length } = known.names;
      const distances = requireShape(program.name, outputs, [rows, length]);
      requireDistance(program.name, distances);
      return Array.from({ length: rows }, (_, row) =>
        nearestOfEach(known.names, distances.subarray(row * length, (row + 1) * length), threshold),
      );
    },
  };
}

function nearestOfEach(names: readonly string[], distances: Float32Array, threshold: number): Match[] {
  const nearest = new Map<string, number>();
  names.forEach((name, i) => {
    const distance = distances[i]!;
    if (distance < (nearest.get(name) ?? Infinity)) nearest.set(name, distance);
  });
  return [...nearest]
    .map(([name, distance]) => ({ name, distance, same: distance <= threshold }))
    .sort((a, b) => a.distance - b.distance);
}
