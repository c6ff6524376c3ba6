import type { Scope } from '../container/scope.js';
import { HOST, PLAN, RANDOM } from '../container/tokens.js';
import { splitData, type DataSplit } from '../data/split/split-data.js';
import { KindredError } from '../errors/kindred-error.js';
import type { ExtractedFeatures, SkippedSample } from '../features/extract-options.js';
import { call, type Bound } from '../plugin/bound.js';
import type { LoadedDataset, Sample } from '../plugin/contract.js';

import { normalFlags } from './branch-data.js';
import { contextFor } from './open-scope.js';
import type { PipelineData } from './pipeline-data.js';

/**
 * Lists the samples of a dataset and checks what its component promises.
 * @throws KINDRED_DATA_EMPTY, KINDRED_DATA_DUPLICATE_ID, KINDRED_DATA_LABEL
 */
export async function loadDataset(scope: Scope, bound: Bound<'dataset'>): Promise<LoadedDataset> {
  const ctx = await contextFor(scope, 'dataset');
  const dataset = await call(bound, 'load', (component, options) => component.load(options, ctx), ctx.signal);
  const { name } = bound.component;
  if (dataset.samples.length === 0) {
    throw new KindredError('KINDRED_DATA_EMPTY', {
      message: `The dataset ${name} must hold samples. It holds none.`,
      hint: 'Check the path and the filters in "data".',
    });
  }
  const ids = new Set<string>();
  const labels = new Set(dataset.labels);
  for (const sample of dataset.samples) {
    if (ids.has(sample.id)) {
      throw new KindredError('KINDRED_DATA_DUPLICATE_ID', {
        message: `Sample ids must be unique in the dataset ${name}. Got "${sample.id}" twice.`,
        path: sample.location,
        received: sample.id,
      });
    }
    ids.add(sample.id);
    const unknown = sample.labels.find((label) => !labels.has(label));
    if (unknown === undefined) continue;
    throw new KindredError('KINDRED_DATA_LABEL', {
      message: `Every label of a sample must be among the ${labels.size} labels of the dataset ${name}. Got "${unknown}" for ${sample.id}.`,
      path: sample.location,
      received: unknown,
    });
  }
  return dataset;
}

/** Samples whose images can be read, with the hashes of their bytes. */
export interface UsableSamples {
  readonly samples: readonly Sample[];
  readonly hashes: readonly string[];
  readonly skipped: readonly SkippedSample[];
}

/**
 * Those of `samples` that were kept.
 * @throws KINDRED_DATA_EMPTY if none was
 */
export function usableSamples(
  samples: readonly Sample[],
  { kept, hashes, skipped }: Pick<ExtractedFeatures, 'kept' | 'hashes' | 'skipped'>,
): UsableSamples {
  if (kept.length === 0) {
    throw new KindredError('KINDRED_DATA_EMPTY', {
      message: `Some images must be readable. None of ${samples.length} was.`,
      issues: skipped.slice(0, 20).map(({ error }) => error),
    });
  }
  return { samples: kept.map((index) => samples[index] as Sample), hashes, skipped };
}

/** Divides samples as the manifest says. The same seed and images give the same parts, in training and later. */
export function splitUsable(scope: Scope, { samples, hashes }: UsableSamples, data: PipelineData): DataSplit {
  const plan = scope.resolve(PLAN);
  const { split: options, oneClass } = plan.manifest.data;
  const learnsOthers = plan.branches.some(({ head }) => head?.component.tags?.needsNegatives);
  const split = splitData(
    {
      samples,
      groups: hashes,
      roles: samples.map((sample) => data.roleOf(sample)),
      normal: normalFlags(plan, samples, data),
      othersIn: [...(learnsOthers ? ['train' as const] : []), ...(oneClass?.negatives ?? HELD_OUT)],
    },
    options,
    scope.resolve(RANDOM).fork('split'),
  );
  const { log } = scope.resolve(HOST);
  const { train, validation, test } = split;
  log.info({ train: train.length, validation: validation.length, test: test.length }, 'split the samples');
  return split;
}

const HELD_OUT = ['validation', 'test'] as const;

/** How many samples are byte-identical copies of an earlier one. */
export function countDuplicates(hashes: readonly string[]): number {
  return hashes.length - new Set(hashes).size;
}
