import { isNormal, NORMAL, refuseUnnamedNormal } from '../data/one-class/normal-samples.js';
import { labelMatrix } from '../data/labels.js';
import type { LoadedDataset, Sample } from '../plugin/contract.js';
import { uint8, type NdArray } from '../tensor/nd-array.js';

import type { BranchPlan, PipelinePlan } from './plan.js';
import { selectRows } from './rows.js';

/** Features `[N, D]` and targets `[N, L]` of one part of the split. */
export interface FeaturePart {
  readonly x: NdArray<'float32'>;
  readonly y: NdArray<'uint8'>;
}

/** Images with their features, and what is known of them. */
export interface KnownImages {
  readonly samples: readonly Sample[];
  /** `[N, D]`, a row for each sample. */
  readonly features: NdArray<'float32'>;
  /** Which of them are normal. */
  readonly normal: readonly boolean[];
  /** What heads learn. */
  readonly labels: readonly string[];
}

/** The names of a branch's score columns. */
export function branchLabels(branch: BranchPlan, labels: readonly string[]): readonly string[] {
  return branch.head ? labels : [NORMAL];
}

/**
 * What a branch sees of some of the images: a head those that are normal, with their labels; a detector all, with a column that says
 * which are normal.
 */
export function branchPart(branch: BranchPlan, known: KnownImages, rows: readonly number[]): FeaturePart {
  const { samples, features, normal, labels } = known;
  if (!branch.head) {
    const y = uint8(
      [rows.length, 1],
      rows.map((row) => Number(normal[row])),
    );
    return { x: selectRows(features, rows), y };
  }
  const own = rows.filter((row) => normal[row]);
  return {
    x: selectRows(features, own),
    y: labelMatrix(
      own.map((row) => samples[row] as Sample),
      labels,
    ),
  };
}

/** Which samples are normal for a pipeline that knows `labels`: what the manifest says, else those that carry a label it knows. */
export function normalFlags(
  { manifest }: PipelinePlan,
  samples: readonly Sample[],
  labels: readonly string[],
): boolean[] {
  const { oneClass } = manifest.data;
  const wanted = oneClass ? [oneClass.normal].flat() : labels;
  return samples.map((sample) => isNormal(sample, wanted) || (!oneClass && sample.labels.length === 0));
}

/** @throws KINDRED_DATA_NORMAL where a detector cannot know which images are wanted */
export function requireNamedNormal({ branches, manifest }: PipelinePlan, dataset: LoadedDataset): void {
  const [first] = branches;
  if (!first || manifest.data.oneClass || branches.some(({ head }) => head)) return;
  refuseUnnamedNormal(dataset, first.name);
}
