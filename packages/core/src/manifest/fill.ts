import type { z } from 'zod';

import { KindredError } from '../errors/kindred-error.js';
import type { ComponentKind, ComponentReference } from '../plugin/contract.js';
import type { Registry } from '../plugin/registry.js';

import { fillReference, type FillContext } from './fill-reference.js';
import type { FilledBranch, FilledManifest } from './filled.js';
import { issueErrors, pathText, valueAt } from './issues.js';
import { fillWithSettings } from './fill-with-settings.js';
import { fillBackbone } from './fill-backbone.js';
import { dataSettings, manifestSchema, SINGLE_BRANCH, type ManifestInput } from './schema.js';
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
  const metrics = list(valueAt(source.value, ['metrics'])).map((_, i) => fill('metric', 'metrics', i));
  if (parsed.success) issues.push(...branchMistakes(parsed.data, source));
  else issues.unshift(...ownMistakes(parsed.error, source, issues));
  if (issues.length > 0 || !parsed.success || !data || !backbone || !engine || !optimizer) {
    throw invalidManifest(source.file, issues);
  }

  const { kindred, name, seed, plugins, training } = parsed.data;
  return {
    kindred,
    name,
    seed,
    plugins,
    engine,
    data,
    backbone,
    branches,
    training: { ...training, optimizer },
    ...(parsed.data.metrics && { metrics: metrics as ComponentReference[] }),
  };
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
      return [name, { transforms, ...(Object.fromEntries(slots) as Omit<FilledBranch, 'transforms'>) }];
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

/** Rules that span several keys. */
function branchMistakes(manifest: ManifestInput, source: ManifestSource): KindredError[] {
  const mistake = (path: JsonPath, message: string, hint: string) =>
    new KindredError('KINDRED_MANIFEST_VALUE', {
      message: `${source.locate(path)}: ${message}`,
      path: pathText(path),
      hint,
    });
  const { branches, head, detector } = manifest;
  const single = (['head', 'detector', 'transforms', 'calibrator', 'thresholds'] as const).filter(
    (key) => manifest[key],
  );
  if (branches && single.length > 0) {
    return [
      mistake(
        [single[0] as string],
        `a manifest must have either "branches" or "${single.join('", "')}" at its top level. Got both.`,
        'Move them into a branch of their own.',
      ),
    ];
  }
  if (branches ? Object.keys(branches).length === 0 : !head === !detector) {
    return [
      mistake(
        branches ? ['branches'] : [],
        `a manifest must have a head or a detector, or branches with one each. Got ${head ? 'both' : 'none'}.`,
        head ? 'Give each a branch of its own in "branches".' : 'Add for example "head": "multi-label".',
      ),
    ];
  }
  const all: [JsonPath, Pick<ManifestInput, 'detector' | 'thresholds'>][] = branches
    ? Object.entries(branches).map(([name, branch]) => [['branches', name], branch])
    : [[[], manifest]];
  return all
    .filter(([, branch]) => branch.detector && branch.thresholds)
    .map(([path]) =>
      mistake(
        [...path, 'thresholds'],
        `"${pathText([...path, 'thresholds'])}" must stand beside a head. Got it beside a detector, which gives a score and no labels.`,
        'Leave it out.',
      ),
    );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
