import { wilsonInterval } from '../wilson-interval.js';
import type { OneShotResult } from '../evaluation.js';

import type { DistanceBlock } from './distance-block.js';
import type { OneShotOptions, OneShotTask } from './one-shot-tasks.js';

/** Takes the distances that tasks need out of blocks. */
export interface OneShotCollector {
  add(block: DistanceBlock): void;
  result(): OneShotResult;
}

/**
 * Measures how often the nearest image is one of the right label: N-way K-shot accuracy. Where images of several labels are equally near, the
 * right one counts in part, so that equal distances reach 1/N and no more.
 */
export function collectOneShot(
  tasks: readonly OneShotTask[],
  { ways, shots }: OneShotOptions,
  grouped: boolean,
): OneShotCollector {
  // The nearest image of each label of each task: [tasks, ways].
  const nearest = new Float32Array(tasks.length * ways).fill(Infinity);
  return {
    add(block) {
      tasks.forEach(({ query, support }, task) => {
        support.forEach((rows, way) => {
          for (const row of rows) {
            const distance = distanceIn(block, Math.min(query, row), Math.max(query, row));
            const at = task * ways + way;
            if (distance !== undefined && distance < nearest[at]!) nearest[at] = distance;
          }
        });
      });
    },
    result() {
      const hits = tasks.reduce((sum, _, task) => sum + hit(nearest.subarray(task * ways, (task + 1) * ways)), 0);
      return {
        ...{ ways, shots, tasks: tasks.length, grouped },
        accuracy: hits / tasks.length,
        interval: wilsonInterval(hits, tasks.length),
        floor: 1 / ways,
      };
    },
  };
}

function distanceIn(
  { row, column, rows, columns, distances, stride }: DistanceBlock,
  i: number,
  j: number,
): number | undefined {
  const inside = i >= row && i < row + rows && j >= column && j < column + columns;
  return inside ? distances[(i - row) * stride + j - column] : undefined;
}

/** 1 if the first is the least, a share of it if others are as small. */
function hit(nearest: Float32Array): number {
  const least = nearest.reduce((a, b) => Math.min(a, b), Infinity);
  if (nearest[0] !== least) return 0;
  return 1 / nearest.filter((distance) => distance === least).length;
}
