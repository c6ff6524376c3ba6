import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';

import type { Progress } from '@kindred/core';
import { openPromise, type Entry, type ZipFile } from 'yauzl';

import { asCacheError, installError, WHEEL_HINT } from './errors.js';

/** Headers that tfjs-node's binding includes, directly or not, in any TensorFlow since 2.9. */
const HEADERS =
  /^tensorflow\/(include\/(?:tensorflow\/(?:c|core\/platform|tsl)|tsl|xla\/tsl)\/(?:[\w-]+\/)*[\w.-]+\.h)$/;

export interface Unpacking {
  /** File names of the libraries, in the wheel's folder `tensorflow`. */
  readonly libraries: readonly string[];
  /** Gets the libraries. */
  readonly lib: string;
  /** Gets `include`. */
  readonly scratch: string;
}

/**
 * Unpacks from a TensorFlow wheel, which is a zip file, what is needed to build against it, and checks every byte of it.
 * @throws KINDRED_ENGINE_INSTALL if the file is no zip or is damaged, KINDRED_CACHE_UNWRITABLE; the signal's reason on abort
 */
export async function unpackWheel(
  wheel: string,
  { libraries, lib, scratch }: Unpacking,
  { progress, signal }: { readonly progress: Progress; readonly signal: AbortSignal },
): Promise<void> {
  let zip: ZipFile | undefined;
  const step = progress.start({ name: `unpack ${path.basename(wheel)}`, unit: 'bytes' });
  try {
    zip = await openPromise(wheel, { autoClose: false });
    for await (const entry of zip.eachEntry()) {
      const target = targetOf(entry.fileName, libraries, { lib, scratch });
      if (target === undefined) continue;
      await mkdir(path.dirname(target), { recursive: true });
      await write(await zip.openReadStreamPromise(entry), entry, target, signal, (bytes) => step.advance(bytes));
    }
    step.end();
  } catch (error) {
    step.end('failed');
    signal.throwIfAborted();
    const explained = asCacheError(error, lib);
    if (explained !== error) throw explained;
    throw installError(
      `${wheel} must be a whole wheel of TensorFlow. It cannot be unpacked: ${String((error as Error).message)}`,
      {
        path: wheel,
        hint: WHEEL_HINT,
        cause: error,
      },
    );
  } finally {
    zip?.close();
  }
}

/** Where an entry goes. Names are matched in full, so that none leads out of the folders. */
function targetOf(
  name: string,
  libraries: readonly string[],
  to: { lib: string; scratch: string },
): string | undefined {
  const library = libraries.find((file) => name === `tensorflow/${file}`);
  if (library !== undefined) return path.join(to.lib, library);
  const header = HEADERS.exec(name)?.[1];
  return header === undefined ? undefined : path.join(to.scratch, header);
}

/** Writes an entry's bytes; yauzl checks their number, and this their checksum. */
async function write(
  source: Readable,
  entry: Entry,
  target: string,
  signal: AbortSignal,
  report: (bytes: number) => void,
): Promise<void> {
  let sum = 0;
  const check = new Transform({
    transform(chunk: Buffer, _, done) {
      sum = crc32(chunk, sum);
      report(chunk.length);
      done(null, chunk);
    },
    flush(done) {
      done(sum === entry.crc32 ? null : new Error(`${entry.fileName} does not match its checksum`));
    },
  });
  await pipeline(source, check, createWriteStream(target), { signal });
}
