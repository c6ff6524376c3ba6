import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

import detectors from '@kindred/detectors';

import { writeNpy } from '../features/npy.js';
import { describeMachine } from '../machine.js';
import { interleave, median } from '../rounds.js';

import { chosen, type Contest, contestsFor, type Peer } from './contests.js';
import { featureLike } from './data.js';
import {
  type Agreement,
  type Files,
  type KindredRound,
  type Round,
  runKindred,
  Sklearn,
  type SklearnFailure,
  type SklearnRound,
} from './sides.js';
import { type FitAndScore, type Medians, medians, ratios } from './timed.js';

/** Two fits of a forest from different seeds are about so far apart. */
const AUROC_MARGIN = 0.03;

export interface DetectorsBenchOptions {
  readonly python: string;
  /** Training images, and as many to score. */
  readonly rows: readonly number[];
  readonly columns: number;
  readonly rounds: number;
  /** Components to look at; all if absent. */
  readonly only?: readonly string[];
  readonly out: string;
}

interface Outcome {
  readonly name: string;
  readonly options: Contest['options'];
  readonly rows: number;
  readonly kindred: Medians & { readonly rounds: readonly KindredRound[] };
  readonly sklearn: Medians & { readonly peer: Peer; readonly rounds: readonly SklearnRound[] };
  readonly ratio: Medians;
  /** Of the first fit and score of a process. */
  readonly ratioFirst: number;
  /** Of scoring with what is compiled already. */
  readonly ratioAgain: number;
  readonly agreement: Agreement;
  readonly agrees: boolean;
}

/** A contest that was not held, and why. */
interface Absent {
  readonly name: string;
  readonly rows: number;
  readonly reason: string;
}

/** Times fit and score of detectors and transforms and of scikit-learn's in turns, prints ratios and writes everything as JSON. */
export async function benchDetectors(options: DetectorsBenchOptions, print: (line: string) => void): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'kindred-bench-'));
  const sklearn = new Sklearn(options.python, availableParallelism());
  const outcomes: (Outcome | Absent)[] = [];
  try {
    for (const rows of options.rows) {
      const files = { train: join(scratch, 'train.npy'), test: join(scratch, 'test.npy') };
      const { train, test } = featureLike(rows, options.columns);
      await Promise.all([writeNpy(files.train, train), writeNpy(files.test, test)]);
      print(
        `${rows} x ${options.columns}: seconds to fit, to score as many; Kindred / scikit-learn, below 1 Kindred is faster`,
      );
      for (const contest of chosen(contestsFor(rows), options.only)) {
        const outcome = await hold(contest, { files, scratch, rows, rounds: options.rounds }, sklearn);
        outcomes.push(outcome);
        print(inWords(outcome));
      }
    }
  } finally {
    await rm(scratch, { recursive: true });
  }
  const { columns, rounds } = options;
  const result = { machine: await describeMachine(), columns, rounds, contests: outcomes };
  await writeFile(options.out, `${JSON.stringify(result, null, 2)}\n`);
  print(`written to ${options.out}`);
}

interface Setting {
  readonly files: Files;
  readonly scratch: string;
  readonly rows: number;
  readonly rounds: number;
}

async function hold(contest: Contest, setting: Setting, sklearn: Sklearn): Promise<Outcome | Absent> {
  const { name, options, peers, agreement: least } = contest;
  const { files, scratch, rows, rounds } = setting;
  if (!detectors.components.some((component) => component.kind === contest.kind && component.name === contest.use)) {
    return { name, rows, reason: 'not there' };
  }
  const ours = join(scratch, 'kindred.npy');
  const theirs = peers.map((_, i) => join(scratch, `sklearn-${i}.npy`));
  const contestants: Record<string, () => Promise<Result>> = { kindred: () => runKindred(contest, files, ours) };
  for (const [i, peer] of peers.entries()) contestants[peerName(i)] = () => sklearn.run(peer, files, theirs[i]!);
  let taken: Readonly<Record<string, readonly Result[]>>;
  try {
    taken = await interleave(contestants, rounds);
  } catch (error) {
    // Usage errors are for the caller; a component that fails must not take the others' figures with it.
    if (error instanceof TypeError) throw error;
    return { name, rows, reason: `failed: ${lastLines(error)}` };
  }
  const sides = peers.flatMap((peer, at) => {
    const rounds = taken[peerName(at)] as readonly (SklearnRound | SklearnFailure)[];
    return rounds.every((round) => 'fit' in round) ? [{ peer, at, ...sideOf(rounds) }] : [];
  });
  const [first, ...others] = sides;
  if (!first) return { name, rows, reason: "failed on scikit-learn's side" };
  const fastest = others.reduce((best, side) => (side.total.seconds < best.total.seconds ? side : best), first);
  const { at, ...best } = fastest;
  const kindred = sideOf(taken['kindred'] as readonly KindredRound[]);
  const again = median(kindred.rounds.map((round) => round.again.seconds));
  const agreement = await sklearn.compare(ours, theirs[at]!);
  const [own = 1, other = 1] = agreement.aurocs ?? [];
  return {
    ...{ name, options, rows, kindred, sklearn: best, ratio: ratios(kindred, best), agreement },
    ratioFirst: firstTotal(kindred.rounds) / firstTotal(best.rounds),
    ratioAgain: again / best.score.seconds,
    agrees: agreement.correlation >= least && own >= other - AUROC_MARGIN,
  };
}

type Result = KindredRound | SklearnRound | SklearnFailure;

const peerName = (index: number): string => `sklearn-${index}`;

const firstTotal = (rounds: readonly Round[]): number => medians(rounds.map(({ first }) => first)).total.seconds;

const sideOf = <R extends FitAndScore>(rounds: readonly R[]) => ({ ...medians(rounds), rounds });

function lastLines(error: unknown): string {
  const text = (error as { stderr?: string }).stderr ?? String(error);
  return /^.*Error.*$/m.exec(text)?.[0] ?? text.trim().split('\n').at(-1) ?? '';
}

function inWords(outcome: Outcome | Absent): string {
  const name = outcome.name.padEnd(32);
  if ('reason' in outcome) return `${name} ${outcome.reason}`;
  const { kindred, sklearn, ratio, ratioFirst, ratioAgain, agreement, agrees } = outcome;
  const part = (which: keyof Medians): string => {
    const [own, other] = [kindred[which].seconds, sklearn[which].seconds].map((seconds) => seconds.toFixed(3));
    return `${which} ${own} / ${other} = ${ratio[which].seconds.toFixed(2)} (cpu ${ratio[which].cpuSeconds.toFixed(2)})`;
  };
  const aurocs = agreement.aurocs?.map((auroc) => auroc.toFixed(3)).join(' / ');
  const correlation = `correlation ${agreement.correlation.toFixed(4)}${aurocs === undefined ? '' : `, AUROC ${aurocs}`}`;
  return `${name} ${(['fit', 'score', 'total'] as const).map(part).join('; ')}; in a new process ${ratioFirst.toFixed(2)}; scored again ${ratioAgain.toFixed(2)}; ${correlation}${agrees ? '' : ' DISAGREES'}`;
}
