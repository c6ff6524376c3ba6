import { spread, type Spread } from '../one-class/spread.js';

import { figureOf, reaches, targetText, type Figure, type Measure } from './measure.js';
import type { SystemRun } from './run-system.js';
import type { System } from './systems.js';

export interface SeedRun extends SystemRun {
  readonly seed: number;
}

/** One figure over all seeds. */
export interface MeasureRow {
  readonly branch: string;
  readonly metric: string;
  readonly values: Spread;
  /** By seed. */
  readonly figures: readonly Figure[];
  /** Mean of the floors. */
  readonly floor: number | null;
  readonly target: string | null;
  readonly reached: boolean | null;
}

/** A system over all seeds. */
export interface SystemRow {
  readonly system: string;
  readonly seeds: readonly number[];
  readonly measures: readonly MeasureRow[];
  readonly seconds: Spread;
  readonly peakMemoryMB: Spread;
  /** By what is trained: the loss of the first and the last epoch of each seed. */
  readonly losses: Readonly<Record<string, readonly (readonly [first: number, last: number])[]>>;
  readonly notes: readonly string[];
}

export function summarize({ name, measures }: System, runs: readonly SeedRun[]): SystemRow {
  const trained = Object.keys(runs[0]?.history ?? {});
  const ends = (run: SeedRun, of: string) => {
    const losses = (run.history[of] ?? []).map(({ loss }) => loss);
    return [losses[0] ?? NaN, losses.at(-1) ?? NaN] as const;
  };
  return {
    system: name,
    seeds: runs.map(({ seed }) => seed),
    measures: measures.map((measure) => measureRow(measure, runs)),
    seconds: spread(runs.map(({ seconds }) => seconds)),
    peakMemoryMB: spread(runs.map(({ peakMemoryMB }) => peakMemoryMB)),
    losses: Object.fromEntries(trained.map((of) => [of, runs.map((run) => ends(run, of))])),
    notes: [...new Set(runs.flatMap(({ notes }) => notes))],
  };
}

function measureRow(measure: Measure, runs: readonly SeedRun[]): MeasureRow {
  const figures = runs.map((run) => figureOf(run, measure));
  const values = spread(figures.map(({ value }) => value));
  const floors = figures.flatMap(({ floor }) => (floor === null ? [] : [floor]));
  const floor = floors.length === 0 ? null : spread(floors).mean;
  const { branch, metric, target } = measure;
  return {
    ...{ branch, metric, values, figures, floor },
    target: target ? targetText(target) : null,
    reached: target ? reaches(target, values.mean, floor) : null,
  };
}

/** Lines of a table: a row for each figure. */
export function tableOf({ system, measures, seconds, peakMemoryMB, losses }: SystemRow): string[] {
  const rows = measures.map(({ branch, metric, values, figures, floor, target, reached }) => {
    const each = figures.map(({ value, interval }) => `${share(value)}${interval ? ` ${range(interval)}` : ''}`);
    const aim = target === null ? '-' : `${target}${reached === true ? ', reached' : ', missed'}`;
    return `| ${system} | ${branch} | ${metric} | ${share(values.mean)} | ${each.join(', ')} | ${share(floor)} | ${aim} |`;
  });
  const fell = Object.entries(losses).map(
    ([of, ends]) =>
      `loss of ${of} ${ends.map(([first, last]) => `${first.toFixed(3)} to ${last.toFixed(3)}`).join(', ')}`,
  );
  return [
    ...rows,
    `  ${system}: ${seconds.mean.toFixed(0)} s and ${peakMemoryMB.highest.toFixed(0)} MB at most a run; ${fell.join('; ')}`,
  ];
}

export const TABLE_HEAD = [
  '| system | branch | figure | mean | each seed, with its interval | floor | target |',
  '| --- | --- | --- | ---: | --- | ---: | --- |',
] as const;

const share = (value: number | null) => (value === null ? '-' : value.toFixed(3));
const range = ({ lower, upper }: { readonly lower: number; readonly upper: number }) =>
  `[${share(lower)}, ${share(upper)}]`;
