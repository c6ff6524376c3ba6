import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, readdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

import { open } from 'lmdb';
import { describe, expect, it, onTestFinished } from 'vitest';

import { kindredErrorOf } from '../../test/support/catch-error.js';
import { tempFolder } from '../../test/support/temp-folder.js';
import type { FeatureStore } from '../context/feature-store.js';

import { openLmdbFeatureStore } from './lmdb-store.js';
import { createMemoryFeatureStore } from './memory-store.js';

async function openIn(folder: string): Promise<FeatureStore> {
  const store = await openLmdbFeatureStore(folder);
  onTestFinished(() => store.close());
  return store;
}

const sha256 = (key: string) => createHash('sha256').update(key).digest();

describe.each([
  ['memory', () => Promise.resolve(createMemoryFeatureStore())],
  ['lmdb', async () => openIn(await tempFolder())],
])('%s feature store', (_, create) => {
  it('gives features back in the order of the keys, bit for bit, and nothing for unknown keys', async () => {
    const store = await create();
    const odd = Float32Array.of(NaN, -0, Infinity, 1e-45, 0.1);
    await store.putMany([
      ['a', odd],
      ['b', Float32Array.of(1)],
    ]);
    const [b, nothing, a] = await store.getMany(['b', 'c', 'a']);
    expect(b).toEqual(Float32Array.of(1));
    expect(nothing).toBeUndefined();
    expect(Buffer.from(a?.buffer ?? new ArrayBuffer(0))).toEqual(Buffer.from(odd.buffer));
  });

  it('takes views into larger arrays, and long keys', async () => {
    const store = await create();
    const key = 'k'.repeat(10_000);
    await store.putMany([[key, Float32Array.of(9, 1, 2, 9).subarray(1, 3)]]);
    expect(await store.getMany([key])).toEqual([Float32Array.of(1, 2)]);
  });

  it('keeps its own copy', async () => {
    const store = await create();
    const feature = Float32Array.of(1);
    await store.putMany([['a', feature]]);
    feature[0] = 2;
    const [read] = await store.getMany(['a']);
    read?.fill(3);
    expect(await store.getMany(['a'])).toEqual([Float32Array.of(1)]);
  });

  it('overwrites', async () => {
    const store = await create();
    await store.putMany([['a', Float32Array.of(1)]]);
    await store.putMany([['a', Float32Array.of(2, 3)]]);
    await store.putMany([]);
    expect(await store.getMany(['a'])).toEqual([Float32Array.of(2, 3)]);
    expect(await store.getMany([])).toEqual([]);
  });
});

describe('lmdb feature store', () => {
  it('lasts, and makes its folder', async () => {
    const folder = path.join(await tempFolder(), 'deep', 'store.v1');
    const first = await openLmdbFeatureStore(folder);
    await first.putMany([['a', Float32Array.of(1, 2)]]);
    await first.close();
    expect(await (await openIn(folder)).getMany(['a'])).toEqual([Float32Array.of(1, 2)]);
  });

  it('can be opened twice in one process, and closed once', async () => {
    const folder = await tempFolder();
    const [first, second] = [await openIn(folder), await openLmdbFeatureStore(folder)];
    await second.close();
    await first.putMany([['a', Float32Array.of(1)]]);
    expect(await first.getMany(['a'])).toEqual([Float32Array.of(1)]);
  });

  it.each([0, 1, 3, 5, 4095])('counts an entry of %d bytes as missing', async (length) => {
    const folder = await tempFolder();
    const store = await openIn(folder);
    const raw = open<Buffer, Buffer>({ path: folder, noSubdir: false, encoding: 'binary', keyEncoding: 'binary' });
    onTestFinished(() => raw.close());
    raw.putSync(sha256('a'), Buffer.alloc(length));
    expect(await store.getMany(['a'])).toEqual([undefined]);
  });

  it('is shared by two processes that write at the same time', async () => {
    const folder = await tempFolder();
    const store = await openIn(folder);
    const lmdb = pathToFileURL(createRequire(import.meta.url).resolve('lmdb')).href;
    const script = path.join(folder, 'other.mjs');
    await writeFile(
      script,
      `import { createHash } from 'node:crypto';
       import lmdb from ${JSON.stringify(lmdb)};
       const db = lmdb.open({ path: ${JSON.stringify(folder)}, noSubdir: false, encoding: 'binary', keyEncoding: 'binary' });
       for (let i = 0; i < 200; i++) {
         const key = createHash('sha256').update('theirs' + i).digest();
         db.transactionSync(() => db.putSync(key, Buffer.from(Float32Array.of(i).buffer)));
       }
       await db.close();`,
    );
    const other = promisify(execFile)(process.execPath, [script]);
    for (let i = 0; i < 200; i++) {
      await store.putMany([[`ours${i}`, Float32Array.of(i)]]);
      await new Promise(setImmediate);
    }
    await other;
    const indices = Array.from({ length: 200 }, (_, i) => i);
    for (const name of ['ours', 'theirs']) {
      const features = await store.getMany(indices.map((i) => name + i));
      expect(features.map((feature) => feature?.[0])).toEqual(indices);
    }
  });

  it.each([
    ['a file in place of the folder', 'file'],
    ['a folder below a file', 'file/deep'],
    ['a foreign data.mdb, which would crash LMDB', 'foreign'],
    ['a cut-off data.mdb', 'short'],
  ])('refuses %s', async (_, name) => {
    const folder = await tempFolder({ file: 'x', 'foreign/data.mdb': 'x'.repeat(9000), 'short/data.mdb': 'x' });
    const error = await kindredErrorOf(() => openLmdbFeatureStore(path.join(folder, name)));
    expect(error.code).toBe('KINDRED_STORE_UNAVAILABLE');
    expect(error.path).toBe(path.join(folder, name));
  });

  it.skipIf(process.getuid?.() === 0)('refuses a folder that may not be written', async () => {
    const folder = await tempFolder();
    await chmod(folder, 0o500);
    const error = await kindredErrorOf(() => openLmdbFeatureStore(folder));
    expect(error.code).toBe('KINDRED_STORE_UNAVAILABLE');
  });

  it.skipIf(!canLimitFileSize())('tells that it is full, and keeps what it has', async () => {
    const store = await openIn(await tempFolder());
    await store.putMany([['a', Float32Array.of(1)]]);
    limitFileSize('200000');
    onTestFinished(() => {
      limitFileSize('unlimited');
    });
    const large = Array.from({ length: 40 }, (_, i) => [`large${i}`, new Float32Array(2048)] as const);
    const error = await kindredErrorOf(() => store.putMany(large));
    expect(error.code).toBe('KINDRED_STORE_FULL');
    expect(await store.getMany(['a', 'large0'])).toEqual([Float32Array.of(1), undefined]);

    limitFileSize('unlimited');
    await store.putMany(large);
    expect(await store.getMany(['large0'])).toEqual([new Float32Array(2048)]);
  });

  it.skipIf(!canLimitFileSize())('is refused where there is no room to make one', async () => {
    const folder = await tempFolder();
    limitFileSize('4096');
    onTestFinished(() => {
      limitFileSize('unlimited');
    });
    const error = await kindredErrorOf(() => openLmdbFeatureStore(path.join(folder, 'store')));
    expect(error.code).toBe('KINDRED_STORE_FULL');
    expect(await readdir(path.join(folder, 'store'))).toEqual([]);
  });
});

/** Sets how large this process' files may grow: a full disk without filling one. */
function limitFileSize(bytes: string): void {
  execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:`]);
}

function canLimitFileSize(): boolean {
  try {
    limitFileSize('unlimited');
    return true;
  } catch {
    return false;
  }
}
