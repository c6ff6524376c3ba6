import { isNormal, NORMAL, refuseUnnamedNormal } from '../data/one-class/normal-samples.js';
import { labelMatrix } from '../data/labels.js';
import type { DataSplit } from '../data/split/split-data.js';
import type { Sample } from '../plugin/contract.js';
import { uint8, type NdArray } from '../tensor/nd-array.js';

import { branchTask } from './branch-task.js';
import type { PipelineData } from './pipeline-data.js';
import type { BranchPlan, PipelinePlan } from './plan.js';
import { selectRows } from './rows.js';

/** Features `[N, D]` and targets `[N, L]` of one part of the split. */
export interface FeaturePart {
  readonly x: NdArray<'float32'>;
  readonly y: NdArray<'uint8'>;
  /** Names of the columns of `y`. */
  readonly labels: readonly string[];
}

/** Images, and what is known of them. */
export interface KnownImages {
  readonly samples: readonly Sample[];
  /** Which of them are normal. */
  readonly normal: readonly boolean[];
  readonly data: Pick<PipelineData, 'labels' | 'referenceLabels' | 'roleOf'>;
}

/** The names of a branch's score columns, or of what its head learns from. */
export function branchLabels(branch: BranchPlan, { labels, referenceLabels }: KnownImages['data']): readonly string[] {
  if (branchTask(branch) === 'novelty') return [NORMAL];
  return branch.head?.component.tags?.needsReference ? referenceLabels : labels;
}

/** The images that a branch is fitted to. */
export function trainingRows(branch: BranchPlan, known: KnownImages, split: DataSplit): readonly number[] {
  const { needsNegatives, needsReference } = branch.head?.component.tags ?? {};
  const normal = split.train.filter((row) => known.normal[row]);
  if (needsNegatives) return [...split.train, ...split.trainNegatives];
  if (needsReference) return [...normal, ...split.reference];
  return branchTask(branch) === 'novelty' ? split.train : normal;
}

/**
 * Those of held-out images that a branch is measured on: all where it tells whether they are normal, else the normal ones. What learns
 * from reference images has no answer of its own that could be measured.
 */
export function heldOutRows(branch: BranchPlan, { normal }: KnownImages, rows: readonly number[]): readonly number[] {
  if (branch.head?.component.tags?.needsReference) return [];
  return branchTask(branch) === 'novelty' ? rows : rows.filter((row) => normal[row]);
}

/** The targets `[N, L]` of some images for a branch: columns are `branchLabels`. */
export function branchTargets(branch: BranchPlan, known: KnownImages, rows: readonly number[]): NdArray<'uint8'> {
  const { samples, normal, data } = known;
  if (branchTask(branch) === 'novelty') {
    return uint8(
      [rows.length, 1],
      rows.map((row) => Number(normal[row])),
    );
  }
  const own = rows.map((row) => samples[row] as Sample);
  if (!branch.head?.component.tags?.needsReference) return labelMatrix(own, data.labels);
  const bare = own.map((sample) => (data.roleOf(sample) === 'reference' ? sample : { ...sample, labels: [] }));
  return labelMatrix(bare, data.referenceLabels);
}

/** What a branch sees of some images, of whose features `[N, D]` there is a row for each of all. */
export function branchPart(
  branch: BranchPlan,
  known: KnownImages,
  features: NdArray<'float32'>,
  rows: readonly number[],
): FeaturePart {
  const labels = branchLabels(branch, known.data);
  return { x: selectRows(features, rows), y: branchTargets(branch, known, rows), labels };
}

/** What is known of samples of `data`. */
export function knownImages(plan: PipelinePlan, samples: readonly Sample[], data: PipelineData): KnownImages {
  return { samples, normal: normalFlags(plan, samples, data), data };
}

/** Which samples are normal for a pipeline: what the manifest says, else those that carry a label it knows. */
export function normalFlags(
  { manifest }: PipelinePlan,
  samples: readonly Sample[],
  { labels, roleOf }: Pick<PipelineData, 'labels' | 'roleOf'>,
): boolean[] {
  const { oneClass } = manifest.data;
  const wanted = oneClass ? [oneClass.normal].flat() : labels;
  return samples.map((sample) => {
    const role = roleOf(sample);
    if (role === 'negatives' || role === 'reference') return false;
    return isNormal(sample, wanted) || (!oneClass && sample.labels.length === 0);
  });
}

/** @throws KINDRED_DATA_NORMAL where a detector cannot know which images are wanted */
export function requireNamedNormal({ branches, manifest }: PipelinePlan, { labels, samples }: PipelineData): void {
  const [first] = branches;
  if (!first || manifest.data.oneClass || branches.some(({ head }) => head)) return;
  refuseUnnamedNormal({ labels, samples }, first.name);
}
