import path from 'node:path';

import type { PosterSet } from './poster-set.js';

export type Backbone = 'resnet50' | 'small-cnn';

/** The manifest that the quickstart writes to `folder` and trains: what a person would write for the same set. */
export function manifestFor(set: PosterSet, backbone: Backbone, folder: string): object {
  return {
    kindred: 1,
    name: `poster-genres-${backbone}`,
    seed: 42,
    data: {
      use: 'csv',
      path: path.relative(folder, set.csv),
      image: set.image,
      labels: { columns: 'one-hot', ignore: set.image.startsWith('Images') ? ['Id', 'Genre'] : ['Id'] },
      split: { strategy: 'iterative', validation: 0.15, test: 0.2 },
      // A set of one's own may hold a broken image; the summary then names it.
      onError: 'skip',
    },
    ...NETWORKS[backbone],
  };
}

const NETWORKS = {
  // Frozen features, so that a small head is all there is to train.
  resnet50: {
    backbone: 'resnet50',
    head: { use: 'multi-label', hidden: [512], dropout: 0.5, loss: 'binary-cross-entropy' },
    thresholds: { use: 'max-f1', per: 'label' },
    training: { epochs: 10, batchSize: 32, optimizer: { use: 'adam', learningRate: 0.0005 } },
  },
  // Everything is learned from these posters alone: small images and many passes.
  'small-cnn': {
    backbone: { use: 'small-cnn', preset: 'tiny', input: { width: 48, height: 64, resize: 'stretch' } },
    head: { use: 'multi-label', hidden: [] },
    thresholds: { use: 'max-f1', per: 'label' },
    training: { epochs: 30, batchSize: 16, optimizer: { use: 'adam', learningRate: 0.002 } },
  },
} satisfies Record<Backbone, object>;
