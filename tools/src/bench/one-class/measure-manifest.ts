import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import { checkManifest, train, type FilledManifest, type Host } from '@kindred/core/host';

/** Metrics of one run by name, and the rates at its threshold. */
export type Metrics = Readonly<Record<string, number>>;

export interface MeasureOptions {
  /** A folder for each class. */
  readonly data: string;
  /** Normal images to fit on when ranking is measured. */
  readonly fit: number;
  readonly seed: number;
  /** A folder for the manifest and its bundle. */
  readonly scratch: string;
}

/** Trains a manifest on `data` twice: as it stands, and for its ranking alone. */
export async function measureManifest(
  file: string,
  { data, fit, seed, scratch }: MeasureOptions,
  host: Host,
): Promise<{ readonly written: Metrics; readonly ranking: Metrics }> {
  const { manifest } = await checkManifest(file, host);
  const own = { ...manifest, seed, data: { ...manifest.data, path: data } };
  const written = await run(own, scratch, host);
  const ranking = await run(rankingAlone(own, written.normals - fit), scratch, host);
  return { written: written.metrics, ranking: ranking.metrics };
}

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
