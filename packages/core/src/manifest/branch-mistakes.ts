import { KindredError } from '../errors/kindred-error.js';
import { hintFor, nearest } from '../plugin/nearest.js';

import { pathText } from './issues.js';
import type { ManifestInput } from './schema.js';
import { sourceOf } from './source-of.js';
import type { JsonPath, ManifestSource } from './source.js';

type Branches = NonNullable<ManifestInput['branches']>;

/** Rules about branches that span several keys. */
export function branchMistakes(manifest: ManifestInput, source: ManifestSource): KindredError[] {
  const mistake: Mistake = (path, message, hint) =>
    new KindredError('KINDRED_MANIFEST_VALUE', {
      message: `${source.locate(path)}: ${message}`,
      path: pathText(path),
      hint,
    });
  const { branches, head, detector } = manifest;
  const single = (['from', 'head', 'detector', 'transforms', 'calibrator', 'thresholds'] as const).filter(
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
  if (branches) return sourceMistakes(branches, mistake);
  if (manifest.from === undefined) return [];
  return [mistake(['from'], '"from" must name another branch. There is but one.', 'Put both into "branches".')];
}

type Mistake = (path: JsonPath, message: string, hint: string) => KindredError;

/** What a branch reads must be the head of another, and not in the end itself. */
function sourceMistakes(branches: Branches, mistake: Mistake): KindredError[] {
  const heads = Object.keys(branches).filter((name) => branches[name]?.head);
  return Object.entries(branches).flatMap(([name, { from }]) => {
    if (from === undefined) return [];
    const path = ['branches', name, 'from'];
    const { branch } = sourceOf(from);
    if (!heads.includes(branch)) {
      const others = heads.filter((other) => other !== name);
      const hint = hintFor(nearest(branch, others), others, 'No other branch has a head.');
      return [mistake(path, `"${pathText(path)}" must name a branch with a head. Got "${from}".`, hint)];
    }
    if (!leadsTo(branches, branch, name)) return [];
    return [
      mistake(path, `"${pathText(path)}" must not lead back to its own branch. Got "${from}".`, 'Break the circle.'),
    ];
  });
}

function leadsTo(branches: Branches, start: string, end: string): boolean {
  const seen = new Set<string>();
  for (let name: string | undefined = start; name !== undefined && !seen.has(name);) {
    if (name === end) return true;
    seen.add(name);
    const from: string | undefined = branches[name]?.from;
    name = from === undefined ? undefined : sourceOf(from).branch;
  }
  return false;
}
