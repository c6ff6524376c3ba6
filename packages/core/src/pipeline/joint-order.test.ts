import { describe, expect, it } from 'vitest';

import { createRandom } from '../context/random.js';
import type { HeadModel } from '../plugin/contract.js';

import { jointOrder } from './joint-order.js';

const targets = { dtype: 'uint8', shape: [6, 1], data: Uint8Array.of(0, 1, 0, 1, 0, 1) } as const;
const rows = () => ({ targets, batchSize: 2, random: createRandom(3) });
const head = (order?: HeadModel['order']): HeadModel => ({
  network: { init: () => ({}), forward: (_, x) => x },
  loss: (output) => output,
  probabilities: (logits) => logits,
  ...(order && { order }),
});
const shuffled: HeadModel['order'] = ({ data }, batchSize, random) =>
  random.shuffle([...data.keys()]).slice(0, 2 * batchSize);

describe('the order of rows of heads that are trained together', () => {
  it('is that of the one head that has a sampler, drawn for each epoch', () => {
    const order = jointOrder({ plain: head(), drawn: head(shuffled) }, rows());
    expect(order?.(1)).toHaveLength(4);
    expect(order?.(1)).toEqual(jointOrder({ drawn: head(shuffled) }, rows())?.(1));
    expect(order?.(2)).not.toEqual(order?.(1));
  });

  it('is left to others where no head has one', () => {
    expect(jointOrder({ a: head(), b: head() }, rows())).toBeUndefined();
  });

  it('is one of two that draw the same', () => {
    expect(jointOrder({ a: head(shuffled), b: head(shuffled) }, rows())?.(1)).toHaveLength(4);
  });

  it('is refused for two that draw differently', () => {
    expect(() => jointOrder({ a: head(shuffled), b: head(() => [0, 1]) }, rows())).toThrowError(
      expect.objectContaining({
        code: 'KINDRED_MANIFEST_VALUE',
        path: 'branches.b.head',
        message:
          "Heads that are trained together with a backbone must draw their batches in one way. Those of 'a' and 'b' have samplers that differ.",
      }) as Error,
    );
  });
});
