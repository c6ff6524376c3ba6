import type { Random } from '../../context/random.js';

import { assign, bestBy, partsWithRoom, type Part } from './parts.js';
import type { Unit } from './units.js';

/**
 * Iterative stratification: the rarest label is dealt out first, since later there is nothing to make good a bad share of it.
 * Each of its samples goes to the part that wants most of this label, then to the one with most room, then by lot. Beyond
 * the paper, a part that is full gets no more, so that sizes come out as asked.
 *
 * Sechidis, Tsoumakas, Vlahavas: On the Stratification of Multi-Label Data. ECML PKDD 2011, algorithm 1.
 */
export function assignIteratively(parts: readonly Part[], units: readonly Unit[], random: Random): void {
  const unitsOfLabel = new Map<string, Unit[]>();
  const left = new Map<string, number>();
  for (const unit of units) {
    for (const [label, count] of unit.counts) {
      const carriers = unitsOfLabel.get(label);
      if (carriers === undefined) unitsOfLabel.set(label, [unit]);
      else carriers.push(unit);
      left.set(label, (left.get(label) ?? 0) + count);
    }
  }
  const total = parts.reduce((sum, part) => sum + part.size, 0);
  const wanted = new Map(
    parts.map((part) => [part, new Map([...left].map(([label, count]) => [label, (count * part.size) / total]))]),
  );
  const wants = (part: Part, label: string) => wanted.get(part)?.get(label) ?? 0;
  const done = new Set<Unit>();

  const place = (unit: Unit, score: (part: Part) => number) => {
    const best = bestBy(bestBy(partsWithRoom(parts, unit), score), (part) => part.room);
    const part = best[best.length > 1 ? random.integer(best.length) : 0];
    if (part === undefined) return;
    assign(part, unit);
    done.add(unit);
    for (const [label, count] of unit.counts) {
      wanted.get(part)?.set(label, wants(part, label) - count);
      left.set(label, (left.get(label) ?? 0) - count);
    }
  };

  for (let label = rarest(left); label !== undefined; label = rarest(left)) {
    for (const unit of unitsOfLabel.get(label) ?? []) {
      if (!done.has(unit)) place(unit, (part) => wants(part, label ?? ''));
    }
    left.delete(label);
  }
  // What carries no label at all only fills up.
  for (const unit of units) if (!done.has(unit)) place(unit, () => 0);
}

/** The label with the fewest samples left; labels without any are dropped. */
function rarest(left: Map<string, number>): string | undefined {
  let best: string | undefined;
  let least = Infinity;
  for (const [label, count] of left) {
    if (count === 0) left.delete(label);
    else if (count < least) [best, least] = [label, count];
  }
  return best;
}
