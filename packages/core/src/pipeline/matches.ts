import type { Context } from '../context/context.js';
import type { Gallery } from '../gallery/gallery.js';
import type { MatchPrediction } from '../host/types.js';
import type { NdArray, NdArrays } from '../tensor/nd-array.js';

import { comparesImages } from './branch-task.js';
import type { Runnable } from './compile-pipeline.js';
import { embedGallery } from './gallery-embeddings.js';
import { createMatcher, type KnownEmbeddings, type Matcher } from './match.js';
import type { BranchPlan } from './plan.js';
import type { BranchState, PipelineState } from './state.js';

/** What embedding branches say of a batch, by the outputs of the pipeline: one prediction for each row. */
export type Matches = (outputs: NdArrays) => Promise<Readonly<Record<string, readonly MatchPrediction[]>>>;

interface Given {
  readonly branches: readonly BranchPlan[];
  readonly state: PipelineState;
  readonly gallery: Gallery | undefined;
}

/** Compares what a pipeline makes of images with a gallery, whose images are embedded by the same pipeline when the first batch comes. */
export async function createMatches(
  { branches, state, gallery }: Given,
  pipeline: Runnable,
  ctx: Context,
): Promise<Matches> {
  const own = branches.filter(comparesImages);
  const matchers = new Map<string, Matcher>();
  for (const branch of own) {
    matchers.set(branch.name, await createMatcher(branch, state.branches[branch.name] as BranchState, ctx));
  }
  const left = new Set(gallery?.images.map(({ branch }) => branch).filter((name) => !matchers.has(name)));
  if (left.size > 0) ctx.log.warn({ branches: [...left] }, 'the gallery has images of branches that compare nothing');

  let known: Promise<Readonly<Record<string, KnownEmbeddings>>> | undefined;
  return async (outputs) => {
    if (gallery && matchers.size > 0) known ??= embedGallery(pipeline, gallery, [...matchers.keys()], ctx.signal);
    const embedded = await known;
    const predictions: Record<string, readonly MatchPrediction[]> = {};
    for (const [name, matcher] of matchers) {
      const embeddings = outputs[name] as NdArray<'float32'> | undefined;
      if (!embeddings) continue;
      const rows = await matcher.match(embeddings, embedded?.[name]);
      predictions[name] = rows.map((matches) => ({ kind: 'match', matches, threshold: matcher.threshold }));
    }
    return predictions;
  };
}
