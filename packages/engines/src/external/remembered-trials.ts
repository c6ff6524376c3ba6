import { createHash } from 'node:crypto';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

import type { TrialRequest } from './trial.js';

/** Identifies a trial: the same model and data, tried on the same shapes by the same runtime, gives the same again. */
export function trialKey({ model, data, inputs, outputs }: TrialRequest): string {
  const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string };
  const hash = createHash('sha256').update(JSON.stringify([version, process.platform, process.arch, inputs, outputs]));
  hash.update(createHash('sha256').update(model).digest());
  for (const file of data)
    hash.update(JSON.stringify(file.path)).update(createHash('sha256').update(file.data).digest());
  return hash.digest('hex');
}

/** Whether a trial passed before. Only that is remembered: a failure may have been a lack of memory. */
export async function hasPassed(folder: string, key: string): Promise<boolean> {
  return stat(path.join(folder, key)).then(
    (info) => info.isFile(),
    () => false,
  );
}

/** A cache that cannot be written costs another trial, nothing else. */
export async function rememberPass(folder: string, key: string): Promise<void> {
  await mkdir(folder, { recursive: true })
    .then(() => writeFile(path.join(folder, key), ''))
    .catch(() => undefined);
}
