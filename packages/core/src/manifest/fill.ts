import type { z } from 'zod';

import type { KindredError } from '../errors/kindred-error.js';
import type { ComponentKind, ComponentReference } from '../plugin/contract.js';
import type { Registry } from '../plugin/registry.js';

import { fillReference, type FillContext } from './fill-reference.js';
import type { FilledBranch, FilledManifest } from './filled.js';
import { issueErrors, valueAt } from './issues.js';
import { fillWithSettings } from './fill-with-settings.js';
import { fillBackbone } from './fill-backbone.js';
import { fillSearch } from './fill-search.js';
import { branchMistakes } from './branch-mistakes.js';
import { componentMistakes } from './component-mistakes.js';
import { trainingMistakes } from './training-mistakes.js';
import { dataSettings, manifestSchema, SINGLE_BRANCH } from './schema.js';
import { invalidManifest, type JsonPath, type ManifestSource } from './source.js';

/**
 * Checks a manifest against its schema and its components' options, and puts every default in place. Builds nothing.
 * @throws KINDRED_MANIFEST_INVALID with every mistake as one of `issues`
 */
export function fillManifest(source: ManifestSource, registry: Registry): FilledManifest {
  const issues: KindredError[] = [];
  const context: FillContext = { source, registry, issues };
  const parsed = manifestSchema.safeParse(source.value);

  const fill = (kind: ComponentKind, ...path: JsonPath) =>
    fillReference(kind, valueAt(source.value, path), path, context);
  const branches = fillBranches(source.value, fill);
  const data = fillWithSettings('dataset', 'data', dataSettings, context);
  const backbone = fillBackbone(context);
  const engine = fillOrDefault('engine', ['engine'], parsed.data?.engine, context);
  const optimizer = fillOrDefault('optimizer', ['training', 'optimizer'], parsed.data?.training.optimizer, context);
  const schedule = fill('schedule', 'training', 'schedule');
  const augmentation = list(valueAt(source.value, ['training', 'augmentation'])).map((_, i) =>
    fill('augmentation', 'training', 'augmentation', i),
  );
  const metrics = list(valueAt(source.value, ['metrics'])).map((_, i) => fill('metric', 'metrics', i));
  if (parsed.success)
    issues.push(
      ...branchMistakes(parsed.data, source),
      ...componentMistakes(branches, data, context),
      ...trainingMistakes(parsed.data, branches, source),
    );
  else issues.unshift(...ownMistakes(parsed.error, source, issues));
  if (issues.length > 0 || !parsed.success || !data || !backbone || !engine || !optimizer) {
    throw invalidManifest(source.file, issues);
  }

  const { kindred, name, seed, plugins, training } = parsed.data;
  const filled: FilledManifest = {
    kindred,
    name,
    seed,
    plugins,
    engine,
    data,
    backbone,
    branches,
    training: {
      ...training,
      optimizer,
      ...(schedule && { schedule }),
      ...(training.augmentation && { augmentation: augmentation as ComponentReference[] }),
    },
    ...(parsed.data.metrics && { metrics: metrics as ComponentReference[] }),
  };
  const search = fillSearch(filled, context, (value, place) => fillValue(value, registry, place));
  if (issues.length > 0) throw invalidManifest(source.file, issues);
  return search ? { ...filled, search } : filled;
}

/**
 * The same for a manifest that was put together by a program; mistakes are told at `place`.
 * @throws KINDRED_MANIFEST_INVALID
 */
export function fillValue(value: unknown, registry: Registry, place = ''): FilledManifest {
  const locate = (): string => place;
  return fillManifest({ file: place, value, locate, locateKey: locate }, registry);
}

type Fill = (kind: ComponentKind, ...path: JsonPath) => ComponentReference | undefined;

const BRANCH_SLOTS = { head: 'head', detector: 'detector', calibrator: 'calibrator', thresholds: 'threshold' } as const;

function fillBranches(manifest: unknown, fill: Fill): Record<string, FilledBranch> {
  const named = valueAt(manifest, ['branches']);
  const bases: [string, JsonPath][] = isObject(named)
    ? Object.keys(named).map((name) => [name, ['branches', name]])
    : [[SINGLE_BRANCH, []]];
  return Object.fromEntries(
    bases.map(([name, base]) => {
      const transforms = list(valueAt(manifest, [...base, 'transforms'])).flatMap(
        (_, i) => fill('transform', ...base, 'transforms', i) ?? [],
      );
      const slots = Object.entries(BRANCH_SLOTS).flatMap(([slot, kind]) => {
        const filled = fill(kind, ...base, slot);
        return filled ? [[slot, filled]] : [];
      });
      const from = valueAt(manifest, [...base, 'from']);
      return [
        name,
        {
          ...(typeof from === 'string' && { from }),
          transforms,
          ...(Object.fromEntries(slots) as Omit<FilledBranch, 'transforms' | 'from'>),
        },
      ];
    }),
  );
}

/** What the manifest's own schema finds, but for names of components: an unknown one was told with the nearest known. */
function ownMistakes(error: z.ZodError, source: ManifestSource, others: readonly KindredError[]): KindredError[] {
  const told = new Set(others.map(({ path }) => path));
  const mistakes = issueErrors(error, { source, base: [], schema: manifestSchema });
  return mistakes.filter(({ path }) => !told.has(path));
}

/** Fills what stands in the manifest, or the default that the manifest's schema put there. */
function fillOrDefault(
  kind: ComponentKind,
  path: JsonPath,
  fallback: ComponentReference | undefined,
  context: FillContext,
): ComponentReference | undefined {
  return fillReference(kind, valueAt(context.source.value, path) ?? fallback, path, context);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
