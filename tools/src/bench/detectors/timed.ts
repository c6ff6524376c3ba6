import { median, type Taken } from '../rounds.js';

/** What one side took in one round. */
export interface FitAndScore {
  readonly fit: Taken;
  readonly score: Taken;
}

/** Medians of the rounds, in seconds. */
export interface Medians {
  readonly fit: Taken;
  readonly score: Taken;
  /** Fit and score of each round together. */
  readonly total: Taken;
}

export function medians(rounds: readonly FitAndScore[]): Medians {
  const of = (part: (round: FitAndScore) => Taken): Taken => ({
    seconds: median(rounds.map((round) => part(round).seconds)),
    cpuSeconds: median(rounds.map((round) => part(round).cpuSeconds)),
  });
  return {
    fit: of(({ fit }) => fit),
    score: of(({ score }) => score),
    total: of(({ fit, score }) => ({
      seconds: fit.seconds + score.seconds,
      cpuSeconds: fit.cpuSeconds + score.cpuSeconds,
    })),
  };
}

/** What Kindred takes over what the other side takes: below 1 Kindred is faster. */
export function ratios(kindred: Medians, peer: Medians): Medians {
  const of = (part: keyof Medians): Taken => ({
    seconds: kindred[part].seconds / peer[part].seconds,
    cpuSeconds: kindred[part].cpuSeconds / peer[part].cpuSeconds,
  });
  return { fit: of('fit'), score: of('score'), total: of('total') };
}
