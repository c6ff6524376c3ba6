import envPaths from 'env-paths';

/** `KINDRED_CACHE`, or the folder for caches that the system gives each user. */
export function defaultCacheDir(): string {
  return process.env['KINDRED_CACHE'] || envPaths('kindred', { suffix: '' }).cache;
}
