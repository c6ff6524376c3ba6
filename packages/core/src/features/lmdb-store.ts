import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open as openFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import type { FeatureStore } from '../context/feature-store.js';

import { storeUnavailable, writeError } from './store-errors.js';

/**
 * Opens, or creates, a feature store in `folder`: an LMDB environment that several processes may use at once. Values are
 * the raw float32 bytes; keys are hashed, since LMDB limits their length. An entry that is no feature counts as missing.
 * @throws KINDRED_STORE_UNAVAILABLE if the folder cannot be made, read and written, or holds something else;
 *   KINDRED_STORE_FULL if there is no room in it at all
 */
export async function openLmdbFeatureStore(folder: string): Promise<FeatureStore> {
  try {
    await mkdir(folder, { recursive: true });
    await refuseForeignFile(path.join(folder, 'data.mdb'));
    await requireRoom(folder);
    return await openStore(folder);
  } catch (cause) {
    throw writeError(folder, cause);
  }
}

async function openStore(folder: string): Promise<FeatureStore> {
  const { open } = await import('lmdb');
  const database = open<Buffer, Buffer>({ path: folder, noSubdir: false, encoding: 'binary', keyEncoding: 'binary' });

  return {
    async getMany(keys) {
      try {
        const values = await database.getMany(keys.map(hashed));
        return values.map(toFeature);
      } catch (cause) {
        throw storeUnavailable(folder, cause);
      }
    },
    // eslint-disable-next-line @typescript-eslint/require-await -- what is thrown must become a rejection
    async putMany(entries) {
      if (entries.length === 0) return;
      try {
        // A transaction of its own that commits before it returns: the asynchronous ones leave rejections that nobody can
        // handle when the disk is full. It takes a few milliseconds, next to nothing beside the backbone.
        database.transactionSync(() => {
          for (const [key, feature] of entries) database.putSync(hashed(key), toBytes(feature));
        });
      } catch (cause) {
        throw writeError(folder, cause);
      }
    },
    close: () => database.close(),
  };
}

function hashed(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

function toBytes(feature: Float32Array): Buffer {
  return Buffer.from(feature.buffer, feature.byteOffset, feature.byteLength);
}

function toFeature(bytes: Uint8Array | undefined): Float32Array | undefined {
  if (bytes === undefined || bytes.length === 0 || bytes.length % Float32Array.BYTES_PER_ELEMENT !== 0)
    return undefined;
  // Copied: the bytes need not start where a float may.
  return new Float32Array(new Uint8Array(bytes).buffer);
}

/** LMDB maps its files before their room on the disk is certain, and a full disk then takes the process down. */
const ROOM_BYTES = 64 * 1024;

async function requireRoom(folder: string): Promise<void> {
  const probe = path.join(folder, `.room-${randomUUID()}`);
  try {
    await writeFile(probe, new Uint8Array(ROOM_BYTES));
  } finally {
    await rm(probe, { force: true });
  }
}

/** LMDB maps its file as it is and takes the process down if it is something else; so its mark is looked for first. */
const MAGIC = 0xbeefc0de;
const MAGIC_AT = 24;

async function refuseForeignFile(file: string): Promise<void> {
  const handle = await openFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (handle === undefined) return;
  try {
    const start = Buffer.alloc(MAGIC_AT + 4);
    const { bytesRead } = await handle.read(start, 0, start.length, 0);
    // An empty file is one that LMDB has just made.
    if (bytesRead > 0 && start.readUInt32LE(MAGIC_AT) !== MAGIC) throw new Error(`${file} is no LMDB file`);
  } finally {
    await handle.close();
  }
}
