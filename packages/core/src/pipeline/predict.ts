import type { Scope } from '../container/scope.js';
import { ENGINE, HOST, PLAN } from '../container/tokens.js';
import { sourceOf } from '../manifest/source-of.js';
import { throwIfAborted } from '../data/throw-if-aborted.js';
import { decodedBatches, type DecodedBatch } from '../features/decoded-batches.js';
import { requireFit } from '../gallery/edit.js';
import type { Gallery } from '../gallery/gallery.js';
import type { BranchPrediction, LabelScore, Prediction } from '../host/types.js';
import type { Sample } from '../plugin/contract.js';
import type { NdArray, NdArrays } from '../tensor/nd-array.js';

import { createBackbone, IMAGE_BATCH, initialWeights } from './backbone.js';
import { learnedCalibration } from './calibrate.js';
import { compilePipeline, type Runnable } from './compile-pipeline.js';
import { branchStage } from './branch-stage.js';
import { branchTask } from './branch-task.js';
import { probabilitiesOf, type PlacedBranch } from './compose.js';
import { createMatches, type Matches } from './matches.js';
import { contextFor } from './open-scope.js';
import type { BranchPlan } from './plan.js';
import type { BranchState, PipelineState } from './state.js';
import { trimmed } from './trimmed.js';
import { valuesOf } from './whole-backbone.js';

/** A pipeline compiled as one program, from decoded images to scores. */
export interface PreparedPipeline {
  predict(samples: AsyncIterable<Sample> | Iterable<Sample>): AsyncGenerator<Prediction>;
}

/**
 * Composes backbone and branches. Nothing is compiled before the first image.
 * @throws KINDRED_GALLERY_INVALID if the gallery's images are not as the backbone reads them
 */
export async function preparePipeline(
  scope: Scope,
  state: PipelineState,
  gallery?: Gallery,
): Promise<PreparedPipeline> {
  const { branches, manifest } = scope.resolve(PLAN);
  const { signal } = scope.resolve(HOST);
  const model = await createBackbone(scope);
  if (gallery) requireFit(gallery, model.input);
  const ctx = await contextFor(scope, 'predict');
  const stages: Record<string, PlacedBranch> = {};
  for (const branch of branches) {
    const stage = await branchStage(branch, state.branches[branch.name] ?? { transforms: [] }, ctx);
    stages[branch.name] = { stage, from: branch.from };
  }
  const weights = state.backbone ?? valuesOf(initialWeights(scope, model));
  const engine = await scope.resolve(ENGINE);
  const calibration = await learnedCalibration(scope, model, state);
  const executable = await compilePipeline(engine, model, weights, stages, calibration);

  const matches = await createMatches({ branches, state, gallery }, executable, ctx);
  const answering = branches.filter(({ head }) => !head?.component.tags?.needsReference);

  return {
    async *predict(samples) {
      const decoding = {
        spec: model.input,
        batchSize: IMAGE_BATCH,
        limitInputPixels: manifest.data.limitInputPixels,
        signal,
      };
      const running: Promise<Prediction[]>[] = [];
      let full = false;
      try {
        for await (const batch of decodedBatches(samples, decoding)) {
          // A handful of images is not filled up to a whole batch; a stream keeps to the one shape that is compiled.
          full ||= batch.entries.length === IMAGE_BATCH;
          const predicted = predictBatch(
            executable,
            full ? batch : trimmed(batch),
            { state, matches, answering },
            signal,
          );
          // It is awaited later: until then its failure is no unhandled rejection.
          predicted.catch(() => undefined);
          running.push(predicted);
          if (running.length > engine.concurrency) yield* await (running.shift() as Promise<Prediction[]>);
        }
        for (let next = running.shift(); next; next = running.shift()) yield* await next;
      } catch (error) {
        // An abort is reported as one, whatever it broke.
        throwIfAborted(signal);
        throw error;
      } finally {
        // A consumer that stops early leaves batches under way: their failures belong to nobody.
        await Promise.allSettled(running);
      }
    },
  };
}

interface Answers {
  readonly state: PipelineState;
  readonly matches: Matches;
  /** The branches that answer for themselves. */
  readonly answering: readonly BranchPlan[];
}

async function predictBatch(
  executable: Runnable,
  { images, count, entries }: DecodedBatch,
  { state, matches, answering }: Answers,
  signal: AbortSignal,
): Promise<Prediction[]> {
  const outputs: NdArrays = count > 0 ? await executable.run({ images }, { signal }) : {};
  const matched = await matches(outputs);
  return entries.map(({ sample, row, error }): Prediction => {
    if (error !== undefined) return { sample, error };
    const branches = answering.map(
      (branch) => [branch.name, matched[branch.name]?.[row] ?? branchPrediction(branch, outputs, row, state)] as const,
    );
    return { sample, branches: Object.fromEntries(branches) };
  });
}

function branchPrediction(branch: BranchPlan, outputs: NdArrays, row: number, state: PipelineState): BranchPrediction {
  const { name, head, from } = branch;
  const { thresholds: { values: thresholds } = { values: [] } } = state.branches[name] as BranchState;
  const output = outputs[name] as NdArray;
  if (branchTask(branch) === 'novelty') {
    const score = output.data[row] ?? NaN;
    const [threshold = 0] = thresholds;
    // A head's scores are probabilities themselves.
    const probability = head ? score : outputs[probabilitiesOf(name)]?.data[row];
    return {
      kind: 'novelty',
      score,
      threshold,
      normal: score >= threshold,
      ...(probability !== undefined && { probability }),
      ...(from !== undefined && { of: sourceOf(from).branch }),
    };
  }
  const labels = state.labels.map((label, j): LabelScore => {
    const score = output.data[row * state.labels.length + j] ?? NaN;
    const threshold = thresholds[j] ?? 1;
    return { label, score, threshold, chosen: score >= threshold };
  });
  return { kind: 'labels', labels: labels.sort((a, b) => b.score - a.score) };
}
