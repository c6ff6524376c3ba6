import type { Random } from '../../context/random.js';

/** Tells which of N labels a query shows, from `shots` images of each: the images are rows of the data. */
export interface OneShotTask {
  readonly query: number;
  /** `[N]` rows of `shots` images each; the first shows what the query shows. */
  readonly support: readonly (readonly number[])[];
}

export interface OneShotOptions {
  readonly ways: number;
  readonly shots: number;
  readonly tasks: number;
}

/**
 * Draws tasks: a group of labels that has enough of them, `ways` of its labels, `shots` images of each and another image of the first.
 * Groups are drawn alike, whatever their size, as are labels and images (Lake, Salakhutdinov and Tenenbaum 2015: characters of one
 * alphabet). Empty where no group has so many labels with images enough.
 * @param identities `[N]`, what each image shows; -1 is drawn in no task
 * @param groupOf the group of each identity
 */
export function drawOneShotTasks(
  identities: Int32Array,
  groupOf: (identity: number) => string,
  { ways, shots, tasks }: OneShotOptions,
  random: Random,
): OneShotTask[] {
  const groups = [...grouped(identities, groupOf, shots).values()].filter((labels) => labels.length >= ways);
  if (groups.length === 0) return [];
  return Array.from({ length: tasks }, () => {
    const labels = draw(groups[random.integer(groups.length)]!, ways, random);
    const [asked = [], ...others] = labels;
    const [query = -1, ...own] = draw(asked, shots + 1, random);
    return { query, support: [own, ...others.map((rows) => draw(rows, shots, random))] };
  });
}

/** The images of each label, by group; labels with too few for a query beside the support are left out. */
function grouped(
  identities: Int32Array,
  groupOf: (identity: number) => string,
  shots: number,
): Map<string, number[][]> {
  const rows = new Map<number, number[]>();
  identities.forEach((identity, row) => {
    if (identity < 0) return;
    const own = rows.get(identity) ?? [];
    own.push(row);
    rows.set(identity, own);
  });
  const groups = new Map<string, number[][]>();
  for (const [identity, own] of rows) {
    if (own.length <= shots) continue;
    const labels = groups.get(groupOf(identity)) ?? [];
    labels.push(own);
    groups.set(groupOf(identity), labels);
  }
  return groups;
}

/** `count` of the items, without one twice: the first steps of a shuffle. */
function draw<T>(items: readonly T[], count: number, random: Random): T[] {
  const pool = [...items];
  for (let i = 0; i < count; i++) {
    const j = i + random.integer(pool.length - i);
    [pool[i], pool[j]] = [pool[j]!, pool[i]!];
  }
  return pool.slice(0, count);
}
