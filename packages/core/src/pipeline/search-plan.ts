import { KindredError } from '../errors/kindred-error.js';
import { fillValue } from '../manifest/fill.js';
import type { FilledManifest, FilledSearch } from '../manifest/filled.js';
import { searchPath, withValue } from '../manifest/search-paths.js';
import { defaultMultiLabelMetrics, defaultOneClassMetrics } from '../metrics/default-metrics.js';
import type { NamedMetric } from '../metrics/named-metric.js';

import type { BackboneModel } from '../plugin/contract.js';

import { branchTask } from './branch-task.js';
import { planMetric, planPipeline, type PipelinePlan } from './plan.js';

/** What a manifest's `search` asks for. */
export interface SearchPlan {
  /** The branch whose options are tried. */
  readonly branch: string;
  readonly metric: NamedMetric;
  readonly seeds: readonly number[];
  /** Values by path. */
  readonly options: Readonly<Record<string, readonly unknown[]>>;
}

/** One value for each path. */
export interface Choice {
  readonly options: Readonly<Record<string, unknown>>;
  readonly plan: PipelinePlan;
}

/** More fits than anyone waits for. */
const MOST = 10_000;

/** @throws KINDRED_SEARCH_INVALID if the manifest has no search, or one over several branches */
export function planSearch({ manifest, branches, registry }: PipelinePlan): SearchPlan {
  const { search } = manifest;
  if (!search) {
    throw invalid('There must be a "search" in the manifest for a search. There is none.', {
      hint: 'Add for example "search": { "detector.nu": [0.05, 0.1] }.',
    });
  }
  const options = optionsOf(search);
  const touched = new Set(
    Object.keys(options).flatMap((key) => {
      const [root, branch] = searchPath(key, manifest);
      return root === 'branches' ? [String(branch)] : [];
    }),
  );
  const [only] = touched.size > 0 ? touched : branches.map(({ name }) => name);
  if (only === undefined || touched.size > 1 || (touched.size === 0 && branches.length > 1)) {
    throw invalid(
      `A search must be over the options of one branch. Got ${[...touched].join(' and ') || 'training alone'}, of ${branches.length} branches.`,
      {
        hint: 'Search one branch, write the result into the manifest, then search the next.',
      },
    );
  }
  const branch = branches.find(({ name }) => name === only);
  const labels = branch && branchTask(branch) === 'labels';
  const usual = (labels ? defaultMultiLabelMetrics : defaultOneClassMetrics)[0] as NamedMetric;
  const metric = search.metric ? planMetric(search.metric, registry) : usual;
  return { branch: only, metric, seeds: search.seeds, options };
}

/** Every combination of the values, the last path varying fastest, each as a checked plan without `search`. */
export function choicesOf(plan: PipelinePlan, { options }: SearchPlan): readonly Choice[] {
  const count = Object.values(options).reduce((product, values) => product * values.length, 1);
  if (count > MOST) {
    throw invalid(`A search must have at most ${MOST} choices. Got ${count}.`, { hint: 'Try fewer values.' });
  }
  const { search: _, ...base } = plan.manifest;
  let choices: { readonly options: Record<string, unknown>; readonly manifest: FilledManifest }[] = [
    { options: {}, manifest: base },
  ];
  for (const key of Object.keys(options)) {
    const path = searchPath(key, base);
    choices = choices.flatMap((choice) =>
      (options[key] ?? []).map((value) => ({
        options: { ...choice.options, [key]: value },
        manifest: withValue(choice.manifest, path, value),
      })),
    );
  }
  return choices.map(({ options: chosen, manifest }) => {
    const filled = fillValue(manifest, plan.registry, JSON.stringify(chosen));
    return { options: chosen, plan: planPipeline(filled, plan.registry, plan.baseDir) };
  });
}

/** Features of a backbone that learns are not there before its head is. @throws KINDRED_SEARCH_INVALID */
export function refuseTrained({ trainable }: BackboneModel, name: string): void {
  if (!trainable) return;
  throw invalid(`A search must be on features that are computed once. The backbone ${name} is trained.`, {
    hint: 'Use a pretrained backbone such as resnet50, or train without --search.',
  });
}

function optionsOf({ metric: _, seeds: __, ...options }: FilledSearch): Record<string, readonly unknown[]> {
  return options as Record<string, readonly unknown[]>;
}

function invalid(message: string, { hint }: { readonly hint: string }): KindredError {
  return new KindredError('KINDRED_SEARCH_INVALID', { message, path: 'search', hint });
}
