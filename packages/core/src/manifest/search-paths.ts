import { KindredError } from '../errors/kindred-error.js';
import { hintFor, nearest } from '../plugin/nearest.js';

import type { FilledManifest } from './filled.js';
import { valueAt } from './issues.js';
import { SINGLE_BRANCH } from './schema.js';
import type { JsonPath } from './source.js';

/** Parts of a branch whose options can be tried: what is computed from features. */
const SLOTS = ['transforms', 'head', 'detector', 'calibrator', 'thresholds'];

/** Parts of `training`. */
const TRAINING = [
  'epochs',
  'batchSize',
  'optimizer',
  'restoreBest',
  'patience',
  'schedule',
  'warmup',
  'clipNorm',
  'learningRateFactors',
];

/**
 * The place in a filled manifest that a key of `search` means: `detector.nu`, `transforms[1].components`, `training.epochs`, or with
 * several branches `novelty.detector.nu`.
 * @throws KINDRED_SEARCH_INVALID with the nearest name if there is none
 */
export function searchPath(key: string, manifest: FilledManifest): JsonPath {
  const steps = key.split(/\.|\[|\]\.?/).filter((step) => step !== '');
  const [first = '', ...rest] = steps.map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  const names = Object.keys(manifest.branches);
  if (first === 'training') {
    if (!TRAINING.includes(String(rest[0])))
      throw unknown(
        key,
        TRAINING.map((name) => `training.${name}`),
      );
    return [first, ...rest];
  }
  const path = branchPath([first, ...rest], names);
  const [, branch, slot] = path;
  const own = valueAt(manifest, ['branches', branch as string]) as object | undefined;
  const known = names.flatMap((name) =>
    Object.keys(manifest.branches[name] as object).map((part) => `${name}.${part}`),
  );
  if (!own) throw unknown(key, known);
  const present = SLOTS.filter((name) => name in own);
  if (!present.includes(String(slot))) throw unknown(key, names.length === 1 ? present : known);
  if (slot === 'transforms' && valueAt(manifest, path.slice(0, 4)) === undefined) {
    const { length } = (own as { transforms: readonly unknown[] }).transforms;
    throw unknown(
      key,
      Array.from({ length }, (_, i) => `transforms[${i}]`),
    );
  }
  return path;
}

/** The full path of an option of a branch; the branch may be left out where there is but one. */
function branchPath(steps: JsonPath, names: readonly string[]): JsonPath {
  const [first] = steps;
  if (first === 'branches') return steps;
  if (names.includes(String(first))) return ['branches', ...steps];
  return ['branches', (names.length === 1 && names[0]) || SINGLE_BRANCH, ...steps];
}

function unknown(key: string, known: readonly string[]): KindredError {
  return new KindredError('KINDRED_SEARCH_INVALID', {
    message: `A key of "search" must lead to an option of the manifest: of transforms, head, detector, calibrator, thresholds or training. Got "${key}".`,
    path: `search.${key}`,
    received: key,
    hint: hintFor(nearest(key, known), known, 'There is nothing to search.'),
  });
}

/** A copy of plain JSON with the value at `path` replaced. */
export function withValue<T>(json: T, [step, ...rest]: JsonPath, value: unknown): T {
  if (step === undefined) return value as T;
  if (Array.isArray(json)) {
    const items = json as readonly unknown[];
    return items.map((item, i) => (i === step ? withValue(item, rest, value) : item)) as T;
  }
  // A component by its name alone has room for options in its long form.
  const object = typeof json === 'string' ? { use: json } : (json as Record<string, unknown>);
  return { ...object, [step]: withValue(object[step] ?? {}, rest, value) } as T;
}
