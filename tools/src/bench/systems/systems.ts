import type { Changes } from '../../manifest/changed-manifest.js';

import type { Measure } from './measure.js';

/** One manifest of `examples`, on real data. */
export interface System {
  /** The manifest's file name, without `.json`. */
  readonly name: string;
  /** Where its data are below the folder of real data, by place in the manifest. */
  readonly data: Readonly<Record<string, string>>;
  /** What is not the same for drawn data and real ones. */
  readonly changes?: Changes;
  readonly measures: readonly Measure[];
}

const posters = { 'data.path': 'posters/train.csv' };
const oneClassOnFood: Measure['metric'] = 'AUROC';

const genres: readonly Measure[] = [
  { branch: 'main', metric: 'mAP', target: { aboveFloor: 0.02 } },
  { branch: 'main', metric: 'micro-AP' },
  { branch: 'main', metric: 'top-3 hit' },
];

const faces = (name: string): System => ({
  name,
  data: { 'data.path': 'faces' },
  measures: [
    { branch: 'faces', metric: 'EER', target: { atMost: 0.12 } },
    { branch: 'faces', metric: '5-way 1-shot accuracy', target: { atLeast: 0.9 } },
    { branch: 'faces', metric: 'accuracy' },
    { branch: 'faces', metric: 'AUROC' },
  ],
});

export const SYSTEMS: readonly System[] = [
  {
    name: 'cage-small-cnn',
    data: { 'data.path': 'cage' },
    measures: [{ branch: 'main', metric: 'accuracy', target: { atLeast: 0.88 } }],
  },
  {
    name: 'cage-resnet50',
    data: { 'data.path': 'cage' },
    measures: [{ branch: 'main', metric: 'accuracy', target: { atLeast: 0.97 } }],
  },
  { name: 'poster-genres', data: posters, measures: genres },
  { name: 'poster-genres-cnn', data: posters, measures: genres },
  { name: 'poster-genres-finetuned', data: posters, measures: genres },
  {
    name: 'cats-dogs-relevance',
    data: { 'data.path': 'cats-dogs', 'data.negatives.path': 'irrelevant' },
    measures: [
      { branch: 'species', metric: 'accuracy', target: { atLeast: 0.965 } },
      { branch: 'relevance', metric: 'accuracy', target: { atLeast: 0.99 } },
      { branch: 'belongs', metric: 'AUROC', target: { atLeast: 0.98 } },
    ],
  },
  faces('faces-siamese-contrastive'),
  faces('faces-siamese-triplet'),
  faces('faces-siamese-koch'),
  {
    name: 'omniglot-siamese',
    data: { 'data.path': 'omniglot/images_background' },
    measures: [
      { branch: 'characters', metric: '20-way 1-shot accuracy', target: { atLeast: 0.55 } },
      { branch: 'characters', metric: 'EER' },
    ],
  },
  {
    name: 'food-deep-one-class',
    data: { 'data.path': 'food', 'data.reference.path': 'cats-dogs' },
    measures: [
      { branch: 'belongs', metric: oneClassOnFood },
      { branch: 'neighbours', metric: oneClassOnFood },
      { branch: 'svm', metric: oneClassOnFood },
    ],
  },
];
