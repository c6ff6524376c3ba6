import { KindredError } from '../errors/kindred-error.js';
import type { Scored } from '../plugin/contract.js';

/** Makes sure that finite scores are probabilities. @throws KINDRED_SCORES_INVALID naming `component`, the row and the label */
export function requireProbabilities(component: string, { labels, scores: { data } }: Scored): void {
  const bad = firstOutside(data);
  if (bad < 0) return;
  const place = `row ${Math.floor(bad / labels.length)}, label "${labels[bad % labels.length]}"`;
  throw new KindredError('KINDRED_SCORES_INVALID', {
    message: `Scores for ${component} must be probabilities, between 0 and 1. Got ${data[bad]} in ${place}.`,
    received: data[bad],
    hint: "A detector's scores are no probabilities: give its branch a calibrator.",
  });
}

function firstOutside(data: Float32Array): number {
  for (let i = 0; i < data.length; i++) if (data[i]! < 0 || data[i]! > 1) return i;
  return -1;
}
