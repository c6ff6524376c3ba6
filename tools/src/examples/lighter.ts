import type { Changes } from '../manifest/changed-manifest.js';

/**
 * What is changed of manifests that train for minutes or hours on real data, so that each runs in seconds on the drawn sets: fewer epochs,
 * smaller images. By the name of the file in `examples`.
 */
export const LIGHTER: Readonly<Record<string, Changes>> = {
  'cage-small-cnn.json': { 'training.epochs': 2, 'backbone.input': { width: 64, height: 64 } },
  'poster-genres-cnn.json': { 'training.epochs': 1, 'backbone.input': { width: 96, height: 96 } },
  'poster-genres-finetuned.json': { 'training.epochs': 1, 'backbone.size': 64 },
  'cats-dogs-relevance.json': { 'training.epochs': 3 },
  'food-deep-one-class.json': { 'training.epochs': 3 },
  'faces-siamese-contrastive.json': { 'training.epochs': 2 },
  'faces-siamese-triplet.json': { 'training.epochs': 2 },
  'faces-siamese-koch.json': { 'training.epochs': 2 },
  'omniglot-siamese.json': { 'training.epochs': 1 },
};
