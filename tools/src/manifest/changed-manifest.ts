import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import { checkManifest, type FilledManifest, type Host } from '@kindred/core/host';

/** Values by their places: `training.epochs`, `data.reference.path`. */
export type Changes = Readonly<Record<string, unknown>>;

/** Where a manifest may name other data beside its own. */
const DATASETS = ['validation', 'test', 'negatives', 'reference'] as const;

/**
 * Writes what the manifest in `file` says, every default filled in and `changes` made, to `target`. Its data stay where they are: paths
 * become absolute.
 * @throws KindredError for a manifest that does not check, RangeError for a place that it does not have
 */
export async function writeChanged(file: string, changes: Changes, target: string, host: Host): Promise<void> {
  const { manifest, baseDir } = await checkManifest(file, host);
  const changed = withChanges(withAbsoluteData(manifest, baseDir), changes);
  await writeFile(target, `${JSON.stringify(changed, undefined, 2)}\n`);
}

/** A copy in which each place holds its new value. @throws RangeError where nothing could hold it */
export function withChanges<Value extends object>(value: Value, changes: Changes): Value {
  const copy = structuredClone(value);
  for (const [place, change] of Object.entries(changes)) {
    const keys = place.split('.');
    const last = keys.pop() ?? '';
    let holder: unknown = copy;
    for (const key of keys) holder = isHolder(holder) ? holder[key] : undefined;
    if (!isHolder(holder)) throw new RangeError(`The manifest must have what holds '${place}'.`);
    holder[last] = change;
  }
  return copy;
}

const isHolder = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function withAbsoluteData(manifest: FilledManifest, baseDir: string): FilledManifest {
  const places = ['data', ...DATASETS.filter((name) => manifest.data[name]).map((name) => `data.${name}`)];
  const absolute = places.flatMap((place) => {
    const dataset = place.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], manifest);
    const given = (dataset as { readonly path?: unknown }).path;
    return typeof given === 'string' ? [[`${place}.path`, path.resolve(baseDir, given)]] : [];
  });
  return withChanges(manifest, Object.fromEntries(absolute) as Changes);
}
