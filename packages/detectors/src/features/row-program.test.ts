import { float32 } from '@kindred/core';
import { createEagerEngine, createTestContext } from '@kindred/core/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import { compileOverRows, joinBlocks, sumBlocks, type RowBlock } from './row-program.js';

const ROWS = 1000;
const x = float32(
  [ROWS, 2],
  Array.from({ length: 2 * ROWS }, (_, i) => i % 7),
);
const weights = Float32Array.from({ length: ROWS }, (_, i) => i % 3);

/** An engine that would run so many blocks side by side. */
const contextOf = (concurrency: number) => createTestContext({ engine: { ...createEagerEngine(), concurrency } });

describe.each([1, 2, 3, 16])('a program over rows on an engine that runs %d at once', (concurrency) => {
  it('gives rows in their order and sums over all, whatever the blocks', async () => {
    const blocks: RowBlock[] = [];
    const program = await compileOverRows(contextOf(concurrency), 'test', x, (part, { weights: own }) => ({
      doubled: tf.mul(part, 2),
      sums: tf.sum(tf.mul(part, own!), 0),
    }));
    const outputs = await program.run((block) => {
      blocks.push(block);
      return { weights: float32([block.to - block.from, 1], weights.subarray(block.from, block.to)) };
    });
    await program.dispose();

    // None smaller than 256 rows.
    expect(blocks).toHaveLength(Math.min(concurrency, 3));
    expect(joinBlocks(outputs, 'doubled')).toEqual(x.data.map((value) => 2 * value));
    const sums = [0, 1].map((j) => weights.reduce((sum, weight, i) => sum + weight * x.data[2 * i + j]!, 0));
    expect([...sumBlocks(outputs, 'sums')]).toEqual(sums);
  });
});

it('a program over rows stops on abort', async () => {
  const ctx = createTestContext({ signal: AbortSignal.abort(new Error('stopped')) });
  const program = await compileOverRows(ctx, 'test', x, (part) => ({ part }));
  await expect(program.run(() => ({}))).rejects.toThrow('stopped');
});
