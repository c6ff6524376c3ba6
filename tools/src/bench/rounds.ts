/** The middle of `values`, or the mean of the two middle ones. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('a median needs at least one value');
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}

/** What one contestant took in one round. */
export interface Taken {
  readonly seconds: number;
  /** Processor time of all its threads and processes together: on a busy machine it tells more than the clock. */
  readonly cpuSeconds: number;
}

/** What every round took, by contestant. */
export type Rounds<Name extends string, Result> = Readonly<Record<Name, readonly Result[]>>;

/**
 * Runs the contestants in turns, `rounds` times, each round in the opposite order of the one before: what slows the machine
 * down for a while (heat, a neighbour) then hits them all.
 */
export async function interleave<Name extends string, Result>(
  contestants: Readonly<Record<Name, (round: number) => Promise<Result>>>,
  rounds: number,
  onRound: (name: Name, round: number, taken: Result) => void = () => undefined,
): Promise<Rounds<Name, Result>> {
  const names = Object.keys(contestants) as Name[];
  const results = Object.fromEntries(names.map((name) => [name, [] as Result[]])) as Record<Name, Result[]>;
  for (let round = 0; round < rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const taken = await contestants[name](round);
      results[name].push(taken);
      onRound(name, round, taken);
    }
  }
  return results;
}
