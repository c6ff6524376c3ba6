import type { Scope } from '../container/scope.js';
import { PLAN } from '../container/tokens.js';
import { labelMatrix, unknownLabel } from '../data/labels.js';
import type { EvaluateResult } from '../host/types.js';
import type { Evaluation } from '../metrics/evaluation.js';
import type { Bound } from '../plugin/bound.js';
import type { Sample } from '../plugin/contract.js';

import { computeFeatures, createBackbone } from './backbone.js';
import { learnedCalibration } from './calibrate.js';
import { evaluateBranch } from './evaluate-branch.js';
import { loadDataset, splitUsable, usableSamples } from './load-data.js';
import { contextFor } from './open-scope.js';
import { selectRows } from './rows.js';
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
  const { dataset: own, branches } = scope.resolve(PLAN);
  const dataset = await loadDataset(scope, other ?? own);
  const unknown = dataset.labels.find((label) => !state.labels.includes(label));
  if (unknown !== undefined) throw unknownLabel(unknown, state.labels, 'the dataset', (other ?? own).component.name);

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
  const samples = rows.map((row) => usable.samples[row] as Sample);
  const part = { x: selectRows(extracted.features, rows), y: labelMatrix(samples, state.labels) };

  const evaluations: Record<string, Evaluation> = {};
  for (const branch of branches) {
    const ctx = await contextFor(scope, `evaluate ${branch.name}`);
    const learned = state.branches[branch.name];
    const evaluation = learned && (await evaluateBranch(scope, branch, learned, part, ctx));
    if (evaluation) evaluations[branch.name] = evaluation;
  }
  return { samples: samples.length, skipped: usable.skipped, evaluations };
}
