import { distance } from 'fastest-levenshtein';

/** The candidate that a person most likely meant by `name`, if one is near: at most a third of the letters differ. */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Infinity;
  for (const candidate of candidates) {
    const d = distance(name.toLowerCase(), candidate.toLowerCase());
    if (d < least) [best, least] = [candidate, d];
  }
  return best !== undefined && least <= Math.max(1, Math.max(name.length, best.length) / 3) ? best : undefined;
}

/** The hint of an error about an unknown name: the nearest one, or a list of what there is. */
export function hintFor(near: string | undefined, known: readonly string[], none: string): string {
  if (near !== undefined) return `Did you mean "${near}"?`;
  if (known.length === 0) return none;
  const shown = known.slice(0, 12).join(', ');
  return `Known: ${shown}${known.length > 12 ? ', ...' : ''}.`;
}
