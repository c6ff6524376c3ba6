import type { Sample } from '../../plugin/contract.js';
import type { Random } from '../../context/random.js';

/** Samples that must stay together: one image, or all byte-identical copies of it. */
export interface Unit {
  /** Indices into the samples, ascending. */
  readonly members: readonly number[];
  /** How many members carry each label; labels that none carries are absent. */
  readonly counts: ReadonlyMap<string, number>;
}

/** Gathers samples with the same group into units, in an order drawn from `random`. */
export function unitsOf(
  samples: readonly Sample[],
  groups: readonly string[] | undefined,
  random: Random,
): readonly Unit[] {
  const members = new Map<string | number, number[]>();
  samples.forEach((_, index) => {
    const group = groups?.[index] ?? index;
    const together = members.get(group);
    if (together === undefined) members.set(group, [index]);
    else together.push(index);
  });
  const units = [...members.values()].map((indices) => ({ members: indices, counts: countLabels(samples, indices) }));
  return random.shuffle(units);
}

function countLabels(samples: readonly Sample[], indices: readonly number[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const index of indices) {
    for (const label of new Set(samples[index]?.labels)) counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return counts;
}
