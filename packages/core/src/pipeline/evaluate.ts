import type { Scope } from '../container/scope.js';
import { PLAN } from '../container/tokens.js';
import { unknownLabel } from '../data/labels.js';
import type { SampleRole } from '../data/sample-role.js';
import type { EvaluateResult } from '../host/types.js';
import type { Evaluation } from '../metrics/evaluation.js';
import type { Bound } from '../plugin/bound.js';
import type { Sample } from '../plugin/contract.js';

import { computeFeatures, createBackbone } from './backbone.js';
import { branchPart, heldOutRows, knownImages, normalFlags } from './branch-data.js';
import { branchTask } from './branch-task.js';
import { learnedCalibration } from './calibrate.js';
import { evaluateBranch } from './evaluate-branch.js';
import { loadDataset, splitUsable, usableSamples } from './load-data.js';
import { contextFor } from './open-scope.js';
import { loadPipelineData, onlyMain, type PipelineData } from './pipeline-data.js';
import { branchInput } from './run-branch.js';
import type { PipelineState } from './state.js';

/**
 * Measures a trained pipeline: on the test part of its own data, or on all of another dataset.
 * @throws KINDRED_DATA_LABEL if the other dataset has labels that the pipeline does not know
 */
export async function evaluatePipeline(
  scope: Scope,
  state: PipelineState,
  other?: Bound<'dataset'>,
): Promise<EvaluateResult> {
  const plan = scope.resolve(PLAN);
  const { dataset: own, branches } = plan;
  const all = other ? await otherData(scope, other, state) : await loadPipelineData(scope);
  const normal = normalFlags(plan, all.samples, all);
  if (branches.some((branch) => branchTask(branch) === 'labels')) {
    const { oneClass } = plan.manifest.data;
    const learned = all.samples.filter((sample, i) => (oneClass ? normal[i] : isOwn(all.roleOf(sample))));
    refuseUnknownLabels(learned, state, other ?? own);
  }

  const model = await createBackbone(scope);
  const calibration = await learnedCalibration(scope, model, state);
  const { backbone: weights } = state;
  const extracted = await computeFeatures(scope, model, all.samples, {
    onError: 'skip',
    ...(weights && { weights }),
    ...(calibration && { calibration }),
  });
  const usable = usableSamples(all.samples, extracted);
  const rows = other ? usable.samples.map((_, row) => row) : splitUsable(scope, usable, all).test;
  const known = knownImages(plan, usable.samples, all);
  const evaluations: Record<string, Evaluation> = {};
  for (const branch of branches) {
    const ctx = await contextFor(scope, `evaluate ${branch.name}`);
    const learned = state.branches[branch.name];
    if (!learned) continue;
    const features = await branchInput(branch, extracted.features, { branches, states: state.branches }, ctx);
    const part = branchPart(branch, known, features, heldOutRows(branch, known, rows));
    const evaluation = await evaluateBranch(scope, branch, learned, part, ctx);
    if (evaluation) evaluations[branch.name] = evaluation;
  }
  return { samples: rows.length, skipped: usable.skipped, evaluations };
}

/** Another dataset, as one that this pipeline might have been trained on. */
async function otherData(scope: Scope, bound: Bound<'dataset'>, { labels }: PipelineState): Promise<PipelineData> {
  const { branches } = scope.resolve(PLAN);
  const dataset = await loadDataset(scope, bound);
  // Only embeddings tell labels apart that they never saw.
  const unseen = branches.some((branch) => branchTask(branch) !== 'embedding')
    ? []
    : dataset.labels.filter((label) => !labels.includes(label));
  return onlyMain(dataset, [...labels, ...unseen]);
}

const isOwn = (role: SampleRole): boolean => role !== 'negatives' && role !== 'reference';

/** @throws KINDRED_DATA_LABEL for a label of `samples` that the pipeline's heads have not learned */
function refuseUnknownLabels(samples: readonly Sample[], state: PipelineState, { component }: Bound<'dataset'>): void {
  const unknown = samples.flatMap((sample) => sample.labels).find((label) => !state.labels.includes(label));
  if (unknown !== undefined) throw unknownLabel(unknown, state.labels, 'the dataset', component.name);
}
