import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { writeChanged } from '../../manifest/changed-manifest.js';
import { describeMachine } from '../machine.js';
import { quietHost } from '../quiet-host.js';

import { runSystem } from './run-system.js';
import { summarize, TABLE_HEAD, tableOf, type SeedRun, type SystemRow } from './summary.js';
import { SYSTEMS, type System } from './systems.js';

export interface SystemsBenchOptions {
  /** The folder of real data. */
  readonly data: string;
  /** Names of systems; all if left out. */
  readonly only?: readonly string[] | undefined;
  readonly seeds: readonly number[];
  readonly cacheDir: string;
  readonly out: string;
}

const EXAMPLES = fileURLToPath(new URL('../../../../examples/', import.meta.url));

/**
 * Trains the manifests of `examples` on real data, each with every seed in a process of its own. What is there is written after every
 * system, so that a run that is broken off was not for nothing.
 * @throws TypeError for a system that is not known
 */
export async function benchSystems(options: SystemsBenchOptions, print: (line: string) => void): Promise<void> {
  const systems = chosen(options.only);
  const folder = await mkdtemp(path.join(tmpdir(), 'kindred-systems-'));
  const rows: SystemRow[] = [];
  const machine = await describeMachine();
  try {
    for (const line of TABLE_HEAD) print(line);
    for (const system of systems) {
      const runs: SeedRun[] = [];
      for (const seed of options.seeds) runs.push({ seed, ...(await runWith(system, seed, folder, options)) });
      const row = summarize(system, runs);
      rows.push(row);
      for (const line of tableOf(row)) print(line);
      await writeFile(options.out, `${JSON.stringify({ machine, seeds: options.seeds, rows }, undefined, 2)}\n`);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  print(`written to ${options.out}`);
}

async function runWith(system: System, seed: number, folder: string, { data, cacheDir }: SystemsBenchOptions) {
  const scratch = path.join(folder, `${system.name}-${seed}`);
  await mkdir(scratch);
  const manifest = path.join(scratch, 'manifest.json');
  const paths = Object.entries(system.data).map(([place, below]) => [place, path.resolve(data, below)] as const);
  const changes = { ...system.changes, ...Object.fromEntries(paths), seed };
  await writeChanged(path.join(EXAMPLES, `${system.name}.json`), changes, manifest, quietHost(cacheDir));
  try {
    return await runSystem({ manifest, out: path.join(scratch, 'bundle'), cacheDir });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function chosen(only: readonly string[] | undefined): readonly System[] {
  if (!only) return SYSTEMS;
  const known = SYSTEMS.map(({ name }) => name);
  const unknown = only.filter((name) => !known.includes(name));
  if (unknown.length === 0) return SYSTEMS.filter(({ name }) => only.includes(name));
  throw new TypeError(`--only must name systems: ${known.join(', ')}. Got ${unknown.join(', ')}.`);
}
