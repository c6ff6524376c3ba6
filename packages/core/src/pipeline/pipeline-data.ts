import type { Scope } from '../container/scope.js';
import { PLAN } from '../container/tokens.js';
import { unknownLabel } from '../data/labels.js';
import { learnableLabels } from '../data/one-class/normal-samples.js';
import type { OtherData, SampleRole } from '../data/sample-role.js';
import type { Bound } from '../plugin/bound.js';
import type { LoadedDataset, Sample } from '../plugin/contract.js';

import { branchTask } from './branch-task.js';
import { loadDataset } from './load-data.js';

/** The samples of all datasets of a manifest. */
export interface PipelineData {
  /** Those of the main dataset, then those of the others; ids of the others begin with what they are for: `test:cats/1.jpg`. */
  readonly samples: readonly Sample[];
  /** What heads learn, in its lasting order. */
  readonly labels: readonly string[];
  /** Labels of the reference dataset. */
  readonly referenceLabels: readonly string[];
  readonly roleOf: (sample: Sample) => SampleRole;
}

/**
 * Lists the samples of all datasets.
 * @throws KINDRED_DATA_*; KINDRED_DATA_LABEL for a label in the validation or test dataset that heads cannot have learned
 */
export async function loadPipelineData(scope: Scope): Promise<PipelineData> {
  const { dataset, others, manifest, branches } = scope.resolve(PLAN);
  const main = await loadDataset(scope, dataset);
  const roles = new Map<Sample, SampleRole>();
  const loaded: Partial<Record<OtherData, LoadedDataset>> = {};
  for (const [role, bound] of Object.entries(others) as [OtherData, Bound<'dataset'>][]) {
    const own = asOther(await loadDataset(scope, bound), role);
    for (const sample of own.samples) roles.set(sample, role);
    loaded[role] = own;
  }
  const { validation, test, negatives, reference } = loaded;
  const learned = learnableLabels(main, manifest.data.oneClass);
  const held = [...(validation?.samples ?? []), ...(test?.samples ?? [])];
  const unseen = [...new Set(held.flatMap(({ labels }) => labels))].filter((label) => !main.labels.includes(label));
  // Only embeddings can tell labels apart that they never saw.
  if (unseen[0] !== undefined && branches.some((branch) => branchTask(branch) === 'labels')) {
    const sample = held.find(({ labels }) => labels.includes(unseen[0] as string)) as Sample;
    throw unknownLabel(unseen[0], main.labels, `sample ${sample.id}`, sample.location);
  }
  return {
    samples: [...main.samples, ...held, ...(negatives?.samples ?? []), ...(reference?.samples ?? [])],
    labels: [...learned, ...unseen],
    referenceLabels: reference?.labels ?? [],
    roleOf: (sample) => roles.get(sample) ?? 'main',
  };
}

/** All samples of one dataset, as if there were no others. */
export const onlyMain = ({ samples }: LoadedDataset, labels: readonly string[]): PipelineData => ({
  samples,
  labels,
  referenceLabels: [],
  roleOf: () => 'main',
});

/** What is known of images that do not belong is just that. */
function asOther({ labels, samples }: LoadedDataset, role: OtherData): LoadedDataset {
  const own = role === 'negatives' ? [] : labels;
  return {
    labels: own,
    samples: samples.map((sample): Sample => ({
      id: `${role}:${sample.id}`,
      labels: role === 'negatives' ? [] : sample.labels,
      location: sample.location,
      read: () => sample.read(),
    })),
  };
}
