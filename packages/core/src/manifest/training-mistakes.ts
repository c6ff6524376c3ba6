import { KindredError } from '../errors/kindred-error.js';
import { hintFor, nearest } from '../plugin/nearest.js';

import type { FilledBranch } from './filled.js';
import { pathText } from './issues.js';
import type { ManifestInput } from './schema.js';
import type { ManifestSource } from './source.js';

/** The name of the backbone among the keys of `learningRateFactors`; the others are branches. */
export const BACKBONE_PART = 'backbone';

/** Learning rates of what there is not. */
export function trainingMistakes(
  { training }: ManifestInput,
  branches: Readonly<Record<string, FilledBranch>>,
  source: ManifestSource,
): KindredError[] {
  const known = [BACKBONE_PART, ...Object.keys(branches).filter((name) => branches[name]?.head)];
  const unknown = Object.keys(training.learningRateFactors ?? {}).filter((name) => !known.includes(name));
  return unknown.map((name) => {
    const path = ['training', 'learningRateFactors', name];
    return new KindredError('KINDRED_MANIFEST_VALUE', {
      message: `${source.locateKey(path)}: "${pathText(path)}" must be the learning rate of the "${BACKBONE_PART}" or of a branch with a head.`,
      path: pathText(path),
      received: name,
      hint: hintFor(nearest(name, known), known, ''),
    });
  });
}
