import type { ComponentKind } from './contract.js';

/** Which package is known to provide a component: for hints where its plugin is not loaded. */
const PROVIDERS: Readonly<Record<string, Partial<Record<ComponentKind, readonly string[]>>>> = {
  '@kindred/backbones': {
    backbone: ['resnet50', 'small-cnn'],
    augmentation: [
      'horizontal-flip',
      'vertical-flip',
      'rotation',
      'shear',
      'zoom',
      'shift',
      'crop',
      'brightness',
      'contrast',
      'saturation',
      'cutout',
      'mixup',
    ],
  },
  '@kindred/heads': {
    head: ['multi-label', 'binary', 'relevance', 'siamese', 'deep-one-class'],
    loss: [
      'binary-cross-entropy',
      'focal',
      'asymmetric',
      'hinge',
      'squared-hinge',
      'mean-squared-error',
      'contrastive',
      'triplet',
    ],
    optimizer: ['sgd', 'adam', 'adamw'],
    schedule: ['cosine', 'step', 'exponential', 'reduce-on-plateau'],
  },
  '@kindred/detectors': {
    transform: ['standard-scaler', 'min-max', 'l2-normalize', 'pca', 'activation-share'],
    detector: [
      'one-class-svm',
      'isolation-forest',
      'gaussian-mixture',
      'nearest-neighbours',
      'local-outlier-factor',
      'mahalanobis',
      'pca-residual',
      'energy',
      'max-softmax',
    ],
    calibrator: ['isotonic', 'platt', 'temperature', 'none'],
    threshold: ['fixed', 'boundary', 'quantile', 'max-f1', 'target-precision', 'target-recall'],
  },
  '@kindred/engines': { engine: ['onnx', 'tensorflow', 'auto'] },
};

/** The package that provides `name`, if it is known. */
export function providerOf(kind: ComponentKind, name: string): string | undefined {
  return Object.entries(PROVIDERS).find(([, kinds]) => kinds[kind]?.includes(name))?.[0];
}

/** Every component in the table, for the test that holds it to the packages. */
export function knownComponents(): readonly { plugin: string; kind: ComponentKind; name: string }[] {
  return Object.entries(PROVIDERS).flatMap(([plugin, kinds]) =>
    Object.entries(kinds).flatMap(([kind, names]) =>
      names.map((name) => ({ plugin, kind: kind as ComponentKind, name })),
    ),
  );
}
