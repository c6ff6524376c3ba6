import type { Unit } from './units.js';

/** One side of a split while it is filled. */
export interface Part {
  readonly name: 'train' | 'validation' | 'test';
  /** How many samples it is to get. */
  readonly size: number;
  /** How many it can still take. Below zero only where copies of one image did not fit anywhere. */
  room: number;
  readonly units: Unit[];
}

/** The parts that can take all of `unit`; where none can, the one with most room. */
export function partsWithRoom(parts: readonly Part[], unit: Unit): readonly Part[] {
  const fitting = parts.filter((part) => part.room >= unit.members.length);
  return fitting.length > 0 ? fitting : bestBy(parts, (part) => part.room).slice(0, 1);
}

export function assign(part: Part, unit: Unit): void {
  part.units.push(unit);
  part.room -= unit.members.length;
}

/** All items with the highest score. */
export function bestBy<T>(items: readonly T[], score: (item: T) => number): T[] {
  const scores = items.map(score);
  const highest = Math.max(...scores);
  return items.filter((_, i) => scores[i] === highest);
}
