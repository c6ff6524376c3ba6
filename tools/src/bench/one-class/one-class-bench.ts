import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { quietHost } from '../quiet-host.js';

import { measureManifest, type Metrics } from './measure-manifest.js';
import { spread, type Spread } from './spread.js';

export interface OneClassBenchOptions {
  readonly data: string;
  readonly manifests: readonly string[];
  /** Normal images to fit on when ranking is measured. */
  readonly fit: number;
  readonly seeds: readonly number[];
  readonly cacheDir: string;
  readonly out: string;
}

interface Row {
  readonly manifest: string;
  /** Fitted on `fit` normal images; all others are scored, calibrator and thresholds left out. */
  readonly ranking: Record<string, Spread>;
  /** As the manifest stands. */
  readonly written: Record<string, Spread>;
}

/** Trains each manifest with each seed twice: as it stands, and for its ranking alone. */
export async function benchOneClass(options: OneClassBenchOptions, print: (line: string) => void): Promise<void> {
  const { fit, seeds, manifests, cacheDir, out } = options;
  const folder = await mkdtemp(path.join(tmpdir(), 'kindred-one-class-'));
  const host = quietHost(cacheDir);
  const data = path.resolve(options.data);
  const rows: Row[] = [];
  try {
    for (const file of manifests) {
      const results: { readonly written: Metrics; readonly ranking: Metrics }[] = [];
      for (const seed of seeds) results.push(await measureManifest(file, { data, fit, seed, scratch: folder }, host));
      const row: Row = {
        manifest: path.basename(file, '.json'),
        ranking: spreads(results.map(({ ranking }) => ranking)),
        written: spreads(results.map(({ written }) => written)),
      };
      rows.push(row);
      print(`${row.manifest}, ${fit} to fit, the rest to measure: ${text(row.ranking, RANKING)}`);
      print(`${row.manifest}, as it stands: ${text(row.written, Object.keys(row.written))}`);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  await writeFile(out, `${JSON.stringify({ seeds, fit, rows }, undefined, 2)}\n`);
  print(`written to ${out}`);
}

/** What does not depend on a threshold. */
const RANKING = ['AUROC', 'AUPR normal', 'FPR at 95 % TPR'];

/** The spread of each metric that every run has. */
function spreads(results: readonly Metrics[]): Record<string, Spread> {
  const [first = {}, ...others] = results;
  const names = Object.keys(first).filter((name) => others.every((one) => name in one));
  return Object.fromEntries(names.map((name) => [name, spread(results.map((one) => one[name] as number))]));
}

function text(values: Readonly<Record<string, Spread>>, names: readonly string[]): string {
  return names.flatMap((name) => (values[name] ? [`${name} ${shown(values[name])}`] : [])).join(', ');
}

function shown({ mean, lowest, highest }: Spread): string {
  return `${mean.toFixed(3)} [${lowest.toFixed(3)}, ${highest.toFixed(3)}]`;
}
