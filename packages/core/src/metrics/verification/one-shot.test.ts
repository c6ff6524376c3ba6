import { describe, expect, it } from 'vitest';

import { createRandom } from '../../context/random.js';

import { collectOneShot } from './one-shot.js';
import { drawOneShotTasks, type OneShotTask } from './one-shot-tasks.js';

/** Ten labels of five images; labels 0 to 5 in one group, the others in another. */
const identities = Int32Array.from({ length: 50 }, (_, i) => Math.floor(i / 5));
const groupOf = (identity: number) => (identity < 6 ? 'latin' : 'greek');
const OPTIONS = { ways: 5, shots: 1, tasks: 300 };

/** The accuracy where images are at these places on a line. */
function accuracy(places: readonly number[], tasks: readonly OneShotTask[], ways: number, shots = 1) {
  const collector = collectOneShot(tasks, { ways, shots, tasks: tasks.length }, false);
  const half = Math.ceil(places.length / 2);
  for (const [row, column] of [
    [0, 0],
    [0, half],
    [half, half],
  ] as const) {
    const [rows, columns] = [half, half].map((size, i) => Math.min(size, places.length - [row, column][i]!)) as [
      number,
      number,
    ];
    const distances = Float32Array.from({ length: rows * columns }, (_, i) =>
      Math.abs(places[row + Math.floor(i / columns)]! - places[column + (i % columns)]!),
    );
    collector.add({ row, column, rows, columns, stride: columns, distances });
  }
  return collector.result();
}

describe('tasks', () => {
  const tasks = drawOneShotTasks(identities, groupOf, OPTIONS, createRandom(1));

  it('ask for one of five labels of one group, by another image of it', () => {
    expect(tasks).toHaveLength(300);
    for (const { query, support } of tasks) {
      const labels = support.map(([row = -1]) => identities[row]!);
      expect(new Set(labels).size).toBe(5);
      // Only the group latin has five labels.
      expect(Math.max(...labels)).toBeLessThan(6);
      expect(labels[0]).toBe(identities[query]);
      expect(support[0]).not.toContain(query);
    }
    expect(new Set(tasks.map(({ query }) => query)).size).toBe(30);
  });

  it('are the same for the same seed', () => {
    expect(drawOneShotTasks(identities, groupOf, OPTIONS, createRandom(1))).toEqual(tasks);
    expect(drawOneShotTasks(identities, groupOf, OPTIONS, createRandom(2))).not.toEqual(tasks);
  });

  it.each([
    ['so many labels', identities, () => 'all', 11, 1],
    ['images for a query beside the shots', identities, () => 'all', 5, 5],
    ['known labels', identities.map(() => -1), () => 'all', 2, 1],
    ['so many labels in a group', identities, groupOf, 7, 1],
  ])('are none without %s', (_, shown, group, ways, shots) => {
    expect(drawOneShotTasks(shown, group, { ...OPTIONS, ways, shots }, createRandom(1))).toEqual([]);
  });
});

describe('one-shot accuracy', () => {
  const tasks = drawOneShotTasks(identities, () => '', { ways: 10, shots: 1, tasks: 400 }, createRandom(4));

  it('is 1 where labels lie apart, 1/N where all distances are equal', () => {
    const apart = accuracy(
      Array.from(identities, (identity, i) => identity * 10 + i / 100),
      tasks,
      10,
    );
    expect(apart).toMatchObject({ accuracy: 1, floor: 0.1, tasks: 400, ways: 10, shots: 1, interval: { upper: 1 } });
    // A sum of 400 tenths in float64.
    expect(
      accuracy(
        Array.from(identities, () => 0),
        tasks,
        10,
      ).accuracy,
    ).toBeCloseTo(0.1, 12);
  });

  it('is that of trying every task on the whole matrix of distances', () => {
    const random = createRandom(8);
    const places = Array.from(identities, (identity) => identity + 2 * random.normal());
    const several = drawOneShotTasks(identities, () => '', { ways: 5, shots: 3, tasks: 200 }, createRandom(4));
    const hits = several.filter(({ query, support }) => {
      const near = support.map((rows) => Math.min(...rows.map((row) => Math.abs(places[query]! - places[row]!))));
      return near.every((distance) => distance >= near[0]!);
    });
    expect(accuracy(places, several, 5, 3).accuracy).toBe(hits.length / 200);
    expect(hits.length).toBeGreaterThan(40);
  });
});
