import { isKindredError, KindredError } from '../errors/kindred-error.js';

import { fillReference, type FillContext } from './fill-reference.js';
import type { FilledManifest, FilledSearch } from './filled.js';
import { pathText, valueAt } from './issues.js';
import { searchSettings } from './schema.js';
import { searchPath, withValue } from './search-paths.js';

/** The settings of `search`; every other key is the path of an option. */
const SETTINGS = Object.keys(searchSettings.shape);

/**
 * Checks that each option to try is there, and each of its values by itself with `check`, which throws. Combinations are checked when
 * they are tried.
 */
export function fillSearch(
  manifest: FilledManifest,
  context: FillContext,
  check: (manifest: FilledManifest, place: string) => void,
): FilledSearch | undefined {
  const { source, issues } = context;
  const written = valueAt(source.value, ['search']) as Record<string, unknown> | undefined;
  if (written === undefined) return undefined;
  const options = Object.entries(written).filter(([key]) => !SETTINGS.includes(key));
  const metric = fillReference('metric', written['metric'], ['search', 'metric'], context);
  const paths: Record<string, unknown> = {};
  for (const [key, values] of options) {
    const place = source.locateKey(['search', key]);
    try {
      const path = searchPath(key, manifest);
      for (const value of values as unknown[]) check(withValue(manifest, path, value), place);
      paths[pathText(path)] = values;
    } catch (error) {
      if (!isKindredError(error)) throw error;
      issues.push(...(error.issues.length > 0 ? error.issues : [located(error, place)]));
    }
  }
  if (options.length === 0) {
    issues.push(
      new KindredError('KINDRED_SEARCH_INVALID', {
        message: `${source.locate(['search'])}: "search" must name options to try. It names none.`,
        path: 'search',
        hint: 'Add for example "detector.nu": [0.05, 0.1].',
      }),
    );
  }
  const seeds = (written['seeds'] as number[] | undefined) ?? [manifest.seed];
  return { ...(metric && { metric }), seeds, ...paths };
}

function located({ code, message, path, received, hint }: KindredError, place: string): KindredError {
  return new KindredError(code, { message: `${place}: ${message}`, path, received, hint });
}
