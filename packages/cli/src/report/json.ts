import type { EvaluateResult, Prediction, SkippedImage, TrainResult } from '@kindred/core/host';

import { errorToJson } from '../run/explain.js';

/*
 * What `--json` prints. Keys stand in a fixed order; fields may be added, none is renamed or removed within a major version.
 * Values that are not defined are null.
 */

/** A training run: everything but the stacks of errors. */
export function trainToJson(result: TrainResult): object {
  const { bundle, data, features, precision, search, evaluations, history, notes } = result;
  const { samples, labels, train, validation, test, others, reference, duplicates, skipped } = data;
  return {
    bundle,
    data: {
      ...{ samples, labels, train, validation, test, others: others ?? null, reference: reference ?? 0, duplicates },
      skipped: skipped.map(skippedToJson),
    },
    features: features ? { fromStore: features.fromStore, computed: features.computed } : null,
    precision: precision ?? null,
    search: search ?? null,
    evaluations,
    history,
    notes,
  };
}

export function evaluateToJson({ samples, skipped, evaluations }: EvaluateResult): object {
  return { samples, skipped: skipped.map(skippedToJson), evaluations };
}

/** One image. Lists of labels and of names are cut to the `top` highest or nearest; novelty scores are kept whole. */
export function predictionToJson(prediction: Prediction, top: number): object {
  const { id: image } = prediction.sample;
  if ('error' in prediction) return { image, error: errorToJson(prediction.error) };
  const branches = Object.entries(prediction.branches).map(([name, branch]): [string, object] => {
    if (branch.kind === 'novelty') {
      const { kind, score, threshold, normal, probability, of } = branch;
      return [name, { kind, score, threshold, normal, probability: probability ?? null, of: of ?? null }];
    }
    if (branch.kind === 'match') {
      const matches = branch.matches
        .slice(0, top)
        .map(({ name: known, distance, same }) => ({ name: known, distance, same }));
      return [name, { kind: branch.kind, matches, threshold: branch.threshold }];
    }
    const labels = branch.labels
      .slice(0, top)
      .map(({ label, score, threshold, chosen }) => ({ label, score, threshold, chosen }));
    return [name, { kind: branch.kind, labels }];
  });
  return { image, branches: Object.fromEntries(branches) };
}

function skippedToJson({ id, location, error }: SkippedImage): object {
  return { id, location, error: errorToJson(error) };
}
