import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { availableProcessors } from './processors.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'kindred-cgroup-'));
});
afterEach(() => rm(root, { recursive: true }));

/** Processors in a system of control groups with these files. */
async function within(own: string, files: Readonly<Record<string, string>>): Promise<number> {
  for (const [name, text] of Object.entries({ own, ...files })) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await writeFile(path.join(root, name), text);
  }
  return availableProcessors({ root, own: path.join(root, 'own') });
}
const all = availableParallelism();

describe('the processors that a process may use', () => {
  it.each<[string, string, Record<string, string>, number]>([
    ['no control groups', '', {}, all],
    ['no limit', '0::/\n', { 'cpu.max': 'max 100000\n' }, all],
    ['one processor', '0::/\n', { 'cpu.max': '100000 100000\n' }, 1],
    ['a part of one', '0::/\n', { 'cpu.max': '5000 100000\n' }, 1],
    ['more than there are', '0::/\n', { 'cpu.max': '99900000 100000\n' }, all],
    ['a limit of a group around it', '0::/a/b\n', { 'cpu.max': 'max 100000', 'a/cpu.max': '50000 100000' }, 1],
    ['a group that is not visible here', '0::/outside/pod\n', { 'cpu.max': '100000 100000' }, 1],
    [
      'version 1 of control groups',
      '4:memory:/x\n3:cpu,cpuacct:/x\n',
      { 'cpu/x/cpu.cfs_quota_us': '100000\n', 'cpu/x/cpu.cfs_period_us': '100000\n' },
      1,
    ],
    [
      'version 1 without a limit',
      '3:cpu:/\n',
      { 'cpu/cpu.cfs_quota_us': '-1\n', 'cpu/cpu.cfs_period_us': '100000\n' },
      all,
    ],
    ['files that say something else', 'what\n0::/\n', { 'cpu.max': 'none' }, all],
  ])('with %s', async (_, own, files, expected) => {
    expect(await within(own, files)).toBe(expected);
  });

  it('are rounded up: half a processor more is worth a worker more', async () => {
    expect(await within('0::/\n', { 'cpu.max': '110000 100000' })).toBe(Math.min(2, all));
  });
});
