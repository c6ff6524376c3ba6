import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { checkManifest, train, type FilledManifest, type Host } from '@kindred/core/host';

import { quietHost } from '../quiet-host.js';

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
      const { manifest } = await checkManifest(file, host);
      const results: { readonly written: Metrics; readonly ranking: Metrics }[] = [];
      for (const seed of seeds) {
        const own = { ...manifest, seed, data: { ...manifest.data, path: data } };
        const written = await run(own, folder, host);
        const ranking = await run(rankingAlone(own, written.normals - fit), folder, host);
        results.push({ written: written.metrics, ranking: ranking.metrics });
      }
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

type Metrics = Readonly<Record<string, number>>;

/** What does not depend on a threshold. */
const RANKING = ['AUROC', 'AUPR normal', 'FPR at 95 % TPR'];

/** Nothing held out to calibrate on. `test` is a number of normal images; the others are all measured on. */
function rankingAlone<M extends Pick<FilledManifest, 'branches' | 'data'>>(manifest: M, test: number): M {
  const branches = Object.entries(manifest.branches).map(([name, branch]) => {
    const { calibrator: _, thresholds: __, ...rest } = branch;
    return [name, rest] as const;
  });
  const split = { ...manifest.data.split, validation: 0, test };
  return { ...manifest, branches: Object.fromEntries(branches), data: { ...manifest.data, split } };
}

/** One training run: how many normal images there were, its metrics by name, and the rates at its threshold. */
async function run(
  manifest: FilledManifest,
  folder: string,
  host: Host,
): Promise<{ normals: number; metrics: Metrics }> {
  const { search: _, ...given } = manifest;
  const file = path.join(folder, 'manifest.json');
  await writeFile(file, JSON.stringify(given));
  const { data, evaluations } = await train(
    await checkManifest(file, host),
    { out: path.join(folder, 'bundle') },
    host,
  );
  const [evaluation] = Object.values(evaluations);
  if (evaluation?.kind !== 'one-class') throw new TypeError('--manifests must have a detector and a test part.');
  const { metrics, falseAlarmRate, detectionRate } = evaluation;
  const { train: fitted, validation, test, others = { validation: 0, test: 0 } } = data;
  return {
    normals: fitted + validation + test - others.validation - others.test,
    metrics: {
      ...Object.fromEntries(metrics.flatMap(({ name, value }) => (value === null ? [] : [[name, value]]))),
      ...(falseAlarmRate && { 'false alarms': falseAlarmRate.value }),
      ...(detectionRate && { detections: detectionRate.value }),
    },
  };
}

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
