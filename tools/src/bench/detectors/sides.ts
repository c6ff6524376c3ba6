import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { runPeer } from '../peer.js';
import type { Taken } from '../rounds.js';

import type { Contest, Peer } from './contests.js';
import { ODD_EVERY } from './data.js';
import type { KindredTask } from './kindred-task.js';
import type { FitAndScore } from './timed.js';

const execute = promisify(execFile);

/** What one process took: for the first time, when its code is cold, and once more. */
export interface Round extends FitAndScore {
  readonly first: FitAndScore;
}

/** The `.npy` files of a bench. */
export interface Files {
  readonly train: string;
  readonly test: string;
}

export interface KindredRound extends Round {
  /** Scored once more, with what is then compiled already. */
  readonly again: Taken;
  readonly notes: readonly string[];
  readonly engine: Readonly<Record<string, string>>;
}

/** Kindred's side: a process for each round. Rejects with the last line that it printed if it fails. */
export async function runKindred({ kind, use, options }: Contest, files: Files, out: string): Promise<KindredRound> {
  const task: KindredTask = { kind, use, options, ...files, out };
  const script = fileURLToPath(new URL('kindred-child.js', import.meta.url));
  const { stdout } = await execute(process.execPath, [script, JSON.stringify(task)], { maxBuffer: 2 ** 24 });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as KindredRound;
}

export interface SklearnRound extends Round {
  /** Its version. */
  readonly sklearn: string;
}

/** Settings that scikit-learn refuses, or cannot compute with. */
export interface SklearnFailure {
  readonly failed: string;
}

/** How far two results agree. */
export interface Agreement {
  /** Of scores the rank correlation, of transformed features the mean absolute correlation of the first columns. */
  readonly correlation: number;
  /** Of scores: the areas under the ROC curve of Kindred and scikit-learn. */
  readonly aurocs?: readonly [number, number];
}

/** scikit-learn's side, tools/bench/detectors.py: a process for each round, with the same number of threads. */
export class Sklearn {
  readonly #env: Readonly<Record<string, string>>;

  constructor(
    private readonly python: string,
    threads: number,
  ) {
    const names = ['OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS'];
    this.#env = Object.fromEntries(names.map((name) => [name, String(threads)]));
  }

  run({ estimator, parameters }: Peer, { train, test }: Files, out: string): Promise<SklearnRound | SklearnFailure> {
    return runPeer(
      this.python,
      'detectors.py',
      ['run', '--estimator', estimator, '--parameters', JSON.stringify(parameters), '--train', train].concat([
        '--test',
        test,
        '--out',
        out,
      ]),
      this.#env,
    );
  }

  compare(kindred: string, sklearn: string): Promise<Agreement> {
    return runPeer(this.python, 'detectors.py', ['compare', kindred, sklearn, '--odd-every', String(ODD_EVERY)]);
  }
}
