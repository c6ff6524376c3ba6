import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { KINDRED } from '../../command/run-kindred.js';
import { describeMachine } from '../machine.js';
import { runPeer } from '../peer.js';
import { interleave, median } from '../rounds.js';

const execute = promisify(execFile);
const PEER = fileURLToPath(new URL('../../../bench/torch_cold.py', import.meta.url));

export interface ColdBenchOptions {
  /** A bundle of ResNet-50 with one head. */
  readonly bundle: string;
  readonly image: string;
  readonly python: string;
  readonly rounds: number;
  readonly cacheDir: string;
  readonly out: string;
}

/** Times whole processes, from start to exit, that predict one image. */
export async function benchCold(options: ColdBenchOptions, print: (line: string) => void): Promise<void> {
  const { bundle, python, rounds, cacheDir, out } = options;
  const image = resolve(options.image);
  const scratch = await mkdtemp(join(tmpdir(), 'kindred-bench-'));
  try {
    const weights = join(scratch, 'weights.pt');
    const { torch } = await runPeer<{ torch: string }>(python, 'torch_cold.py', ['--save', '--weights', weights]);
    const contestants = {
      kindred: () => timed(process.execPath, [KINDRED, 'predict', bundle, image, '--json', '--cache', cacheDir]),
      pytorch: () => timed(python, [PEER, '--weights', weights, '--image', image]),
    };
    // Both sides' files are then in the system's cache: the disk is not what is compared.
    for (const contestant of Object.values(contestants)) await contestant();
    const taken = await interleave(contestants, rounds, (side, round, { seconds }) =>
      print(`round ${round + 1}  ${side}  ${seconds.toFixed(2)} s`),
    );
    const [kindred, pytorch] = [summarise(taken.kindred), summarise(taken.pytorch)];
    const ratio = kindred.seconds / pytorch.seconds;
    const result = {
      machine: await describeMachine(),
      rounds,
      ratio,
      kindred,
      pytorch: { ...pytorch, version: torch },
    };
    await writeFile(out, `${JSON.stringify(result, null, 2)}\n`);
    print(`median   kindred ${inWords(kindred)}; pytorch ${inWords(pytorch)}`);
    print(`ratio    ${ratio.toFixed(2)} (below 1: Kindred is faster)`);
    print(`written to ${out}`);
  } finally {
    await rm(scratch, { recursive: true });
  }
}

/** Node cannot tell a child's processor time: the clock alone. */
async function timed(command: string, args: readonly string[]): Promise<{ readonly seconds: number }> {
  const start = performance.now();
  await execute(command, args, { maxBuffer: 2 ** 24 });
  return { seconds: (performance.now() - start) / 1000 };
}

function summarise(taken: readonly { readonly seconds: number }[]) {
  const seconds = taken.map((round) => round.seconds);
  return { taken, seconds: median(seconds), bestSeconds: Math.min(...seconds) };
}

const inWords = ({ seconds, bestSeconds }: ReturnType<typeof summarise>): string =>
  `${seconds.toFixed(2)} s (best ${bestSeconds.toFixed(2)})`;
