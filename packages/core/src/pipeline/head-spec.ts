import { requireDifferingLabels, requireOneLabelEach } from '../data/labels.js';
import type { DataSplit } from '../data/split/split-data.js';
import { KindredError } from '../errors/kindred-error.js';
import type { BackboneModel, HeadSpec, Sample } from '../plugin/contract.js';

import { branchLabels, branchTargets, trainingRows, type KnownImages } from './branch-data.js';
import { branchTask } from './branch-task.js';
import type { BranchPlan, PipelinePlan } from './plan.js';
import { columnSums } from './rows.js';

/** What all heads are told of their training sets, for features of length `features`. */
export function headSpecs(
  { branches }: PipelinePlan,
  { features }: Pick<BackboneModel, 'features'>,
  known: KnownImages,
  split: DataSplit,
): Record<string, HeadSpec> {
  return Object.fromEntries(
    branches
      .filter(({ head }) => head)
      .map((branch) => [branch.name, headSpec(branch, features, known, trainingRows(branch, known, split))]),
  );
}

/**
 * What a head is told of its training set, the images `rows`.
 * @throws KINDRED_DATA_ONE_LABEL if all of them carry the same labels; KINDRED_DATA_EXCLUSIVE if one does not carry exactly one label,
 * for a head of labels that exclude each other; KINDRED_DATA_NO_POSITIVES if a label has none;
 * KINDRED_DATA_NORMAL if a head that learns from both kinds gets but one
 */
function headSpec(branch: BranchPlan, features: number, known: KnownImages, rows: readonly number[]): HeadSpec {
  const labels = branchLabels(branch, known.data);
  const positives = columnSums(branchTargets(branch, known, rows));
  const spec: HeadSpec = { features, labels, samples: rows.length, positives };
  const task = branchTask(branch);
  if (task === 'novelty') requireBothKinds(branch, spec);
  // Those of embeddings have images of other labels in other parts; what pairs need is seen as they are drawn.
  else if (task === 'labels')
    requireLabels(
      branch,
      spec,
      rows.map((row) => known.samples[row] as Sample),
    );
  return spec;
}

function requireLabels({ name, head }: BranchPlan, { labels, positives }: HeadSpec, samples: readonly Sample[]): void {
  requireDifferingLabels({ labels, samples }, `the head of branch '${name}'`);
  const { component } = head ?? {};
  if (component && !component.tags?.multiLabel)
    requireOneLabelEach(samples, `the head ${component.name} of branch '${name}'`);
  const without = labels.filter((_, j) => positives[j] === 0);
  if (without.length === 0) return;
  throw new KindredError('KINDRED_DATA_NO_POSITIVES', {
    message: `Every label of the branch '${name}' must have training images that carry it. None of ${samples.length} carries ${without.join(', ')}.`,
    received: without,
    hint: 'Add images of these labels, leave their columns out, or make the training part greater.',
  });
}

function requireBothKinds({ name, head }: BranchPlan, { samples, positives }: HeadSpec): void {
  const normal = positives[0] ?? 0;
  if (normal > 0 && normal < samples) return;
  throw new KindredError('KINDRED_DATA_NORMAL', {
    message: `The head ${head?.component.name ?? ''} of branch '${name}' learns from images that belong and from images that do not. Of ${samples} training images ${normal} belong.`,
    path: 'data.negatives',
    received: { normal, others: samples - normal },
    hint: 'Name images that do not belong in "data.negatives", or use a detector, which needs none.',
  });
}
