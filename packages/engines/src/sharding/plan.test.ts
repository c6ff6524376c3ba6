import { float32, prepareTfGradients, type NdArrays, type Program } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

import { chooseShards, planShards } from './plan.js';

beforeAll(prepareTfGradients);

/** Layers of so many units, squared activations as loss. */
function layers(width: number, sharded = true): Program {
  const partial = ({ inputs, variables }: Parameters<Program['run']>[0]) => {
    const w = variables['w'] as tf.Variable;
    const loss = () =>
      tf.mean<tf.Scalar>(tf.square(tf.matMul(inputs['x'] as tf.Tensor2D, w as tf.Tensor as tf.Tensor2D)));
    const { value, grads } = tf.variableGrads(loss, [w]);
    return { value, gradient: grads[w.name] as tf.Tensor };
  };
  const stages = { splits: (name: string) => name === 'x', partial, finish: () => ({}) };
  return {
    name: 'layers',
    variables: { w: float32([width, width]) },
    run: () => ({}),
    ...(sharded && { sharded: stages }),
  };
}

const batch = (rows: number, width: number): NdArrays => ({ x: float32([rows, width]) });
const machine = { workers: 4, processors: 4, shards: 'auto' } as const;

describe('planShards', () => {
  it('keeps a batch whole whose gradients are large beside their work', () => {
    expect(planShards(layers(64), batch(64, 64), machine)).toEqual({ shards: 1, threads: 4 });
  });

  it('divides a batch whose work is large beside its gradients, and the processors with it', () => {
    const { shards, threads } = planShards(layers(64), batch(200_000, 64), machine);
    expect(shards).toBeGreaterThan(1);
    expect(threads).toBe(Math.floor(4 / shards));
  });

  it('gives no shard nothing to do, whatever was asked for', () => {
    expect(planShards(layers(8), batch(3, 8), { ...machine, shards: 8 })).toEqual({ shards: 3, threads: 1 });
    expect(planShards(layers(8), batch(1, 8), { ...machine, shards: 8 })).toEqual({ shards: 1, threads: 4 });
  });

  it('leaves programs whole that have one stage', () => {
    expect(planShards(layers(8, false), batch(64, 8), { ...machine, shards: 2 })).toEqual({ shards: 1, threads: 4 });
  });

  it('refuses divided inputs of unequal length', () => {
    const program = layers(8);
    const both = {
      ...program,
      sharded: { ...(program.sharded as NonNullable<Program['sharded']>), splits: () => true },
    };
    const inputs = { ...batch(4, 8), y: float32([5, 1]) };
    expect(() => planShards(both, inputs, machine)).toThrow('equally many rows. Got x: 4, y: 5.');
  });
});

describe('chooseShards', () => {
  const choose = (operations: number, bytes: number) =>
    chooseShards({ operations, bytes }, { most: 16, processors: 16 });

  it('never takes fewer for more work, or more for more to exchange', () => {
    const works = [1e6, 1e8, 1e9, 1e10, 1e11, 1e12];
    const byWork = works.map((operations) => choose(operations, 4e6));
    expect(byWork).toEqual([...byWork].sort((a, b) => a - b));
    const byBytes = works.map((bytes) => choose(1e11, bytes));
    expect(byBytes).toEqual([...byBytes].sort((a, b) => b - a));
    expect([byWork[0], byWork.at(-1), byBytes.at(-1)]).toEqual([1, 16, 1]);
  });
});
