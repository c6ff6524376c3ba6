import { KindredError } from '../errors/kindred-error.js';

/** The arrays behind `Trees`. */
export interface TreeArrays {
  readonly roots: Int32Array;
  readonly feature: Int32Array;
  readonly threshold: Float32Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly value: Float32Array;
  readonly depth: number;
}

/**
 * Makes sure that arrays, which may have been read from a file, are trees over features of `columns` columns: native code that is handed
 * others reads beyond its memory, or never ends.
 * @throws KINDRED_ENGINE_INPUT
 */
export function requireTrees(trees: TreeArrays, columns: number): void {
  const { roots, feature, left, right, depth } = trees;
  const nodes = feature.length;
  for (const name of ['threshold', 'left', 'right', 'value'] as const) {
    if (trees[name].length !== nodes) refuse(`hold ${nodes} nodes in each array`, `${trees[name].length} in ${name}`);
  }
  if (nodes === 0 || roots[0] !== 0) refuse('begin with a root at 0', `${nodes} nodes, the first root at ${roots[0]}`);

  const depths = new Int32Array(nodes).fill(-1);
  for (let tree = 0; tree < roots.length; tree++) {
    const start = roots[tree]!;
    const end = tree + 1 < roots.length ? roots[tree + 1]! : nodes;
    if (!(start < end && end <= nodes)) refuse('have ascending roots', `a tree from node ${start} to ${end}`);
    depths[start] = 0;
    for (let node = start; node < end; node++) {
      const below = depths[node]! + 1;
      if (below === 0) refuse('reach each node from its root', `node ${node}, which has no parent before it`);
      const column = feature[node]!;
      if (!(column >= 0 && column < columns))
        refuse(`look at columns 0 to ${columns - 1}`, `${column} in node ${node}`);
      if (left[node] === node && right[node] === node) continue;
      for (const child of [left[node]!, right[node]!]) {
        if (!(child > node && child < end))
          refuse('have children after their parent', `child ${child} of node ${node}`);
        if (depths[child] !== -1) refuse('give each node one parent', `two for node ${child}`);
        depths[child] = below;
      }
      if (below > depth) refuse(`be at most ${depth} deep`, `node ${left[node]} at depth ${below}`);
    }
  }
}

function refuse(must: string, received: string): never {
  throw new KindredError('KINDRED_ENGINE_INPUT', {
    message: `The trees of a tree ensemble must ${must}. Got ${received}.`,
    received,
    hint: 'If they come from a saved state, it is damaged: train again.',
  });
}
