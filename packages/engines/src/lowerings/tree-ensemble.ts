import { KindredError, requireTrees, TREE_ENSEMBLE, type TreeArrays } from '@kindred/core';

import type { Attributes } from '../onnx/graph.js';
import { defineLowering, type Lowering } from '../trace/lowering.js';
import { SymbolicTensor } from '../trace/symbolic-tensor.js';

const ARRAYS = ['roots', 'feature', 'threshold', 'left', 'right', 'value'] as const;

export const treeEnsembleLowerings: readonly Lowering[] = [
  defineLowering<{ readonly depth: number }>()(
    TREE_ENSEMBLE,
    { required: ['x', ...ARRAYS] },
    ({ emit, inputs: { x, ...tensors }, attrs: { depth } }) => {
      const [rows, columns] = x.shape as [number, number];
      const trees = { ...constantArrays(tensors), depth };
      requireTrees(trees, columns);
      const output = { type: 'float32', shape: [rows, 1] } as const;
      const options = { domain: 'ai.onnx.ml', attributes: attributesOf(trees) };
      const sums = emit.node('TreeEnsembleRegressor', [emit.plain(x)], output, options);
      return new SymbolicTensor([rows], 'float32', emit.reshape(sums, [rows]));
    },
  ),
];

/** The operator's attributes: lists over all nodes, and over all leaves. A node is known by its tree and its place in it. */
function attributesOf({ roots, feature, threshold, left, right, value }: TreeArrays): Attributes {
  const trees = new Int32Array(left.length);
  roots.forEach((root, tree) => trees.fill(tree, root));
  const places = trees.map((tree, node) => node - roots[tree]!);
  const isLeaf = (_: number, node: number) => left[node] === node;
  const leafTrees = trees.filter(isLeaf);
  return {
    aggregate_function: { string: 'SUM' },
    n_targets: { int: 1 },
    nodes_treeids: { numbers: trees },
    nodes_nodeids: { numbers: places },
    nodes_modes: { strings: Array.from(left, (child, node) => (child === node ? 'LEAF' : 'BRANCH_LEQ')) },
    nodes_featureids: { numbers: feature },
    nodes_values: { numbers: threshold },
    nodes_truenodeids: { numbers: left.map((child, node) => (child === node ? 0 : places[child]!)) },
    nodes_falsenodeids: { numbers: right.map((child, node) => (child === node ? 0 : places[child]!)) },
    target_treeids: { numbers: leafTrees },
    target_nodeids: { numbers: places.filter(isLeaf) },
    target_ids: { numbers: new Int32Array(leafTrees.length) },
    target_weights: { numbers: value.filter(isLeaf) },
  };
}

function constantArrays(tensors: Readonly<Record<(typeof ARRAYS)[number], SymbolicTensor>>) {
  const elements = (name: (typeof ARRAYS)[number]) => {
    const array = tensors[name].elements();
    if (array) return array;
    throw new KindredError('KINDRED_ENGINE_DATA_DEPENDENT', {
      message: `The trees of treeEnsemble must be constants of the program. Its "${name}" depends on inputs.`,
      received: name,
      hint: "Give them as the program's constants.",
    });
  };
  const integers = (name: (typeof ARRAYS)[number]) => elements(name) as Int32Array;
  const floats = (name: (typeof ARRAYS)[number]) => elements(name) as Float32Array;
  return {
    roots: integers('roots'),
    feature: integers('feature'),
    threshold: floats('threshold'),
    left: integers('left'),
    right: integers('right'),
    value: floats('value'),
  };
}
