import type { Scope } from '../container/scope.js';
import { PLAN } from '../container/tokens.js';
import { unknownLabel } from '../data/labels.js';
import type { EvaluateResult } from '../host/types.js';
import type { Evaluation } from '../metrics/evaluation.js';
import type { Bound } from '../plugin/bound.js';
import type { LoadedDataset } from '../plugin/contract.js';

import { computeFeatures, createBackbone } from './backbone.js';
import { branchPart, normalFlags } from './branch-data.js';
import { learnedCalibration } from './calibrate.js';
import { evaluateBranch } from './evaluate-branch.js';
import { loadDataset, splitUsable, usableSamples } from './load-data.js';
import { contextFor } from './open-scope.js';
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
  const dataset = await loadDataset(scope, other ?? own);
  const normal = normalFlags(plan, dataset.samples, state.labels);
  if (branches.some(({ head }) => head)) {
    const { oneClass } = plan.manifest.data;
    const learned = dataset.samples.filter((_, i) => !oneClass || normal[i]);
    refuseUnknownLabels({ ...dataset, samples: learned }, state, other ?? own);
  }

  const model = await createBackbone(scope);
  const calibration = await learnedCalibration(scope, model, state);
  const { backbone: weights } = state;
  const extracted = await computeFeatures(scope, model, dataset.samples, {
    onError: 'skip',
    ...(weights && { weights }),
    ...(calibration && { calibration }),
  });
  const usable = usableSamples(dataset.samples, extracted);
  const rows = other ? usable.samples.map((_, row) => row) : splitUsable(scope, usable).test;
  const known = {
    samples: usable.samples,
    normal: normalFlags(plan, usable.samples, state.labels),
    labels: state.labels,
  };
  const evaluations: Record<string, Evaluation> = {};
  for (const branch of branches) {
    const ctx = await contextFor(scope, `evaluate ${branch.name}`);
    const learned = state.branches[branch.name];
    if (!learned) continue;
    const features = await branchInput(branch, extracted.features, { branches, states: state.branches }, ctx);
    const part = branchPart(branch, { ...known, features }, rows);
    const evaluation = await evaluateBranch(scope, branch, learned, part, ctx);
    if (evaluation) evaluations[branch.name] = evaluation;
  }
  return { samples: rows.length, skipped: usable.skipped, evaluations };
}

/** @throws KINDRED_DATA_LABEL for a label of `samples` that the pipeline's heads have not learned */
function refuseUnknownLabels(
  { labels, samples }: LoadedDataset,
  state: PipelineState,
  { component }: Bound<'dataset'>,
): void {
  const carried = new Set(samples.flatMap((sample) => sample.labels));
  const unknown = labels.find((label) => carried.has(label) && !state.labels.includes(label));
  if (unknown !== undefined) throw unknownLabel(unknown, state.labels, 'the dataset', component.name);
}
