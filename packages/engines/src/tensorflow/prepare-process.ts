import util from 'node:util';

/** Warnings and more: libtensorflow tells stderr of every processor feature that it found. */
const QUIET = '2';

/** What libtensorflow and tfjs-node's files expect of the process that loads them. */
export function prepareProcess(): void {
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= QUIET;
  // Node 23 took this function away, and tfjs-node still calls it.
  const legacy = util as { isNullOrUndefined?: (value: unknown) => boolean };
  legacy.isNullOrUndefined ??= (value) => value === null || value === undefined;
}
