import { assign, bestBy, partsWithRoom, type Part } from './parts.js';
import type { Unit } from './units.js';

/** Puts every unit in one stratum: the shuffled order alone decides. */
export function assignRandomly(parts: readonly Part[], units: readonly Unit[]): void {
  assignInTurn(parts, units);
}

/**
 * Gives each part its share of every stratum, the samples with the same set of labels. Strata are dealt out one after another,
 * each sample to the part that is furthest behind its share so far: totals come out as asked, and a stratum's share is
 * off by about one sample.
 */
export function assignStratified(parts: readonly Part[], units: readonly Unit[]): void {
  const strata = new Map<string, Unit[]>();
  for (const unit of units) {
    const key = JSON.stringify([...unit.counts.keys()].sort());
    const stratum = strata.get(key);
    if (stratum === undefined) strata.set(key, [unit]);
    else stratum.push(unit);
  }
  assignInTurn(parts, [...strata.values()].flat());
}

function assignInTurn(parts: readonly Part[], units: readonly Unit[]): void {
  const total = parts.reduce((sum, part) => sum + part.size, 0);
  let dealt = 0;
  for (const unit of units) {
    dealt += unit.members.length;
    const behind = (part: Part) => (part.size * dealt) / total - (part.size - part.room);
    const [part] = bestBy(partsWithRoom(parts, unit), behind);
    if (part !== undefined) assign(part, unit);
  }
}
