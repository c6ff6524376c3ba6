import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';

/** Where Linux keeps control groups, and the file that says which one this process is in. */
export interface ControlGroups {
  readonly root: string;
  readonly own: string;
}
const LINUX: ControlGroups = { root: '/sys/fs/cgroup', own: '/proc/self/cgroup' };

/**
 * Processors that this process may use: what its affinity leaves, and no more than the share that a container gives it, rounded up. Node
 * itself does not look at shares in all of its versions.
 */
export function availableProcessors(groups: ControlGroups = LINUX): number {
  return Math.max(1, Math.min(availableParallelism(), Math.ceil(shareOf(groups))));
}

/** The smallest share of the process' control group and of those around it, in processors. */
function shareOf({ root, own }: ControlGroups): number {
  const shares = (read(own) ?? '').split('\n').flatMap((line) => {
    // hierarchy:controllers:path, https://docs.kernel.org/admin-guide/cgroup-v2.html
    const [, controllers, group] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (group === undefined || controllers === undefined) return [];
    if (controllers === '') return outwards(group).map((folder) => unified(path.join(root, folder)));
    if (!controllers.split(',').includes('cpu')) return [];
    return outwards(group).map((folder) => legacy(path.join(root, 'cpu', folder)));
  });
  return Math.min(Infinity, ...shares);
}

/** `/a/b`, `/a`, `/`: inside of a container the first ones may not be visible. */
function outwards(group: string): string[] {
  const parent = path.dirname(group);
  return parent === group ? [group] : [group, ...outwards(parent)];
}

function unified(folder: string): number {
  const [quota, period] = (read(path.join(folder, 'cpu.max')) ?? '').trim().split(' ');
  return ratio(quota, period);
}

function legacy(folder: string): number {
  return ratio(read(path.join(folder, 'cpu.cfs_quota_us')), read(path.join(folder, 'cpu.cfs_period_us')));
}

/** Infinity where there is no limit: `max`, -1, or no such file. */
function ratio(quota: string | undefined, period: string | undefined): number {
  const share = Number(quota) / Number(period);
  return share > 0 ? share : Infinity;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
