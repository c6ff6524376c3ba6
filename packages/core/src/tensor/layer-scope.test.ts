import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

import { layerOf, observeLayers, withLayer } from './layer-scope.js';
import { prepareTf } from './tf-runtime.js';

beforeAll(prepareTf);

const thrown = (body: () => unknown): unknown => {
  try {
    return body();
  } catch (error) {
    return error;
  }
};

describe('withLayer', () => {
  it('gives what the layer gives', () => {
    const x = tf.scalar(1);
    expect(withLayer('a', () => x)).toBe(x);
  });

  it('marks an error with the innermost layer, by its path', () => {
    const error = thrown(() =>
      withLayer('backbone', () =>
        withLayer('conv1', (): tf.Tensor => {
          throw new Error('no');
        }),
      ),
    );
    expect(layerOf(error)).toBe('backbone/conv1');
    expect(layerOf(new Error('elsewhere'))).toBeUndefined();
    expect(layerOf('no error')).toBeUndefined();
  });

  it('ends with its body, also by an error', () => {
    thrown(() =>
      withLayer('a', (): tf.Tensor => {
        throw new Error('no');
      }),
    );
    const seen: string[] = [];
    observeLayers(
      (layer) => seen.push(layer),
      () => withLayer('b', () => tf.scalar(1)),
    );
    expect(seen).toEqual(['b']);
  });
});

describe('observeLayers', () => {
  it('tells every output, the inner layers first, and nothing after its body', () => {
    const seen: [string, number][] = [];
    const build = () =>
      withLayer('outer', () => {
        const [one] = withLayer('inner', () => [tf.scalar(1), tf.scalar(2)]);
        return tf.add(one, 10);
      });
    observeLayers((layer, output) => seen.push([layer, output.dataSync()[0] as number]), build);
    build();
    expect(seen).toEqual([
      ['outer/inner', 1],
      ['outer/inner', 2],
      ['outer', 11],
    ]);
  });
});
