import * as tf from '@tensorflow/tfjs-core';
import { prepareTfGradients, type NdArrays, type Program } from '@kindred/core';
import { beforeAll, describe, expect, it } from 'vitest';

import type { Graph } from '../onnx/graph.js';
import { numbers } from '../testing/index.js';
import { recordProgram } from '../trace/record-program.js';

import { chooseLayout } from './layout-choice.js';
import { NCHWC } from './layout.js';
import { toBlocked } from './to-blocked.js';

beforeAll(prepareTfGradients);

type T4 = tf.Tensor4D;
const image = { dtype: 'float32', shape: [2, 32, 32, 3] } as const;
const weights: NdArrays = {
  a: numbers([5, 5, 3, 16]),
  bias: numbers([16]),
  b: numbers([3, 3, 16, 32]),
};

/** Two convolutions with a bias, a ReLU and a max pool between. */
function network(w: Readonly<Record<string, tf.Tensor>>, x: tf.Tensor): tf.Tensor {
  const first = tf.add(tf.conv2d(x as T4, w.a as T4, 1, 'same'), w.bias as tf.Tensor);
  return tf.conv2d(tf.maxPool(tf.relu(first) as T4, 2, 2, 'valid'), w.b as T4, 1, 'same');
}

const forward: Program = {
  name: 'forward',
  variables: weights,
  run: ({ inputs, variables }) => ({ y: network(variables, inputs.image as tf.Tensor) }),
};
const frozen: Program = {
  name: 'frozen',
  constants: weights,
  run: ({ inputs, constants }) => ({ y: network(constants, inputs.image as tf.Tensor) }),
};
const training: Program = {
  name: 'training',
  variables: weights,
  run({ inputs, variables }) {
    const loss = () => tf.sum<tf.Scalar>(tf.square(network(variables, inputs.image as tf.Tensor)));
    const { grads } = tf.variableGrads(loss, Object.values(variables));
    return Object.fromEntries(
      Object.entries(variables).map(([name, { name: key }]) => [name, grads[key] as tf.Tensor]),
    );
  },
};

const record = (program: Program): Graph => recordProgram(program, { image }).graph;

/** Operators on blocked images, in order. */
const blockedOps = (graph: Graph) => graph.nodes.filter(({ domain }) => domain === NCHWC).map(({ op }) => op);

describe('toBlocked', () => {
  it('reorders only what leaves the blocks: the first convolution reads NCHW', () => {
    expect(blockedOps(toBlocked(record(forward), 16))).toEqual(['Conv', 'MaxPool', 'Conv', 'ReorderOutput']);
  });

  it('makes bias and ReLU part of the convolution, in training too, where tfjs asks the sign of the input', () => {
    for (const program of [forward, training]) {
      const { nodes } = toBlocked(record(program), 8);
      const fused = nodes.filter(({ attributes }) => 'activation' in attributes);
      expect(fused).toHaveLength(1);
      expect(fused[0]?.inputs).toHaveLength(3);
      expect(nodes.some(({ op }) => op === 'Relu')).toBe(false);
    }
  });

  it('computes all convolutions, gradients included, and the pool in blocks', () => {
    const { nodes } = toBlocked(record(training), 16);
    expect(nodes.filter(({ op, domain }) => domain !== NCHWC && /^(Conv|ConvTranspose|MaxPool)$/.test(op))).toEqual([]);
  });

  it('leaves convolutions with constant filters to onnxruntime', () => {
    expect(blockedOps(toBlocked(record(frozen), 16))).toEqual([]);
  });

  it('keeps names and shapes of inputs and outputs', () => {
    const border = ({ inputs, outputs }: Graph) => ({
      inputs: inputs.map(({ source, type, shape }) => ({ source, type, shape })),
      outputs: outputs.map(({ name, value: { type, shape } }) => ({ name, type, shape })),
    });
    const graph = record(training);
    expect(border(toBlocked(graph, 16))).toEqual(border(graph));
  });

  it('lists every node after those it reads', () => {
    const { nodes } = toBlocked(record(training), 16);
    const done = new Set<number>();
    for (const { id, inputs } of nodes) {
      for (const input of inputs) if (input?.source.kind === 'node') expect(done).toContain(input.source.node.id);
      done.add(id);
    }
  });
});

describe('chooseLayout', () => {
  const never = () => Promise.reject(new Error('must not be asked'));

  it('takes the block size that the probe found', async () => {
    const layout = chooseLayout('auto', () => Promise.resolve(8));
    const [filter] = (await layout.apply(record(forward))).nodes.filter(({ domain }) => domain === NCHWC);
    expect(filter?.outputs[0]?.shape).toEqual([2, 16, 32, 32]);
    expect(layout.describe()).toBe('block 8');
  });

  it('keeps the graph where the probe says no', async () => {
    const layout = chooseLayout('auto', () => Promise.resolve(undefined));
    const graph = record(forward);
    expect(await layout.apply(graph)).toBe(graph);
    expect(layout.describe()).toBe('not available');
  });

  it('asks nothing where there is nothing to gain or blocks are off', async () => {
    const graph = record(frozen);
    expect(await chooseLayout('auto', never).apply(graph)).toBe(graph);
    const off = chooseLayout('off', never);
    expect(await off.apply(record(forward))).toEqual(record(forward));
    expect(off.describe()).toBe('off');
  });
});
