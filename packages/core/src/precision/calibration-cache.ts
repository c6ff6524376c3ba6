import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { DECODER_REVISION } from '../data/decode/decode-image.js';
import { KindredError } from '../errors/kindred-error.js';
import type { BackboneModel } from '../plugin/contract.js';
import type { Calibration, Engine } from '../plugin/engine-contract.js';

/** All that a calibration follows from: weights, images and how they are decoded, and who measures. */
export function calibrationKey(model: BackboneModel, hashes: readonly string[], engine: Engine): string {
  const images = [...hashes].sort();
  const parts = [model.fingerprint, DECODER_REVISION, engine.name, engine.int8?.version, images];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** Calibrations in files of the cache folder, by their keys. */
export class CalibrationCache {
  readonly #folder: string;

  constructor(cacheDir: string) {
    this.#folder = path.join(cacheDir, 'calibrations');
  }

  /** Undefined if there is none, or none that can be read: it is measured again then. */
  async get(key: string): Promise<Calibration | undefined> {
    try {
      const value: unknown = JSON.parse(await readFile(this.#file(key), 'utf8'));
      return typeof value === 'object' && value !== null ? (value as Calibration) : undefined;
    } catch {
      return undefined;
    }
  }

  /** @throws KINDRED_CACHE_UNWRITABLE */
  async put(key: string, calibration: Calibration): Promise<void> {
    // Written beside its place and renamed: another process never reads half of it.
    const temporary = `${this.#file(key)}.${randomUUID().slice(0, 8)}`;
    try {
      await mkdir(this.#folder, { recursive: true });
      await writeFile(temporary, JSON.stringify(calibration));
      await rename(temporary, this.#file(key));
    } catch (cause) {
      await rm(temporary, { force: true }).catch(() => undefined);
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new KindredError('KINDRED_CACHE_UNWRITABLE', {
        message: `The cache folder must be writable. Writing to ${this.#folder} failed: ${reason}`,
        path: this.#folder,
        hint: 'Set KINDRED_CACHE to a folder that can be written.',
        cause,
      });
    }
  }

  #file(key: string): string {
    return path.join(this.#folder, `${key}.json`);
  }
}
