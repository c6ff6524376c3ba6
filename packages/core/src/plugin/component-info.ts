import type { z } from 'zod';

/** The version of this contract. A plugin states the one it was written for. */
export const API_VERSION = 1;

/** One slot of a pipeline each. */
export const COMPONENT_KINDS = [
  'dataset',
  'augmentation',
  'backbone',
  'transform',
  'head',
  'detector',
  'calibrator',
  'threshold',
  'loss',
  'optimizer',
  'schedule',
  'metric',
  'engine',
  'service',
] as const;
export type ComponentKind = (typeof COMPONENT_KINDS)[number];

/** What core may ask about a component without knowing its name. */
export interface Tags {
  /** Works on any number of labels an image (heads, metrics, thresholds). Heads without it get images that carry exactly one label each. */
  readonly multiLabel?: boolean;
  /**
   * Learns whether an image belongs from images that do and images that do not (`data.negatives`, `data.oneClass`): such a head has one
   * column, `normal`, and is measured and asked like a detector (heads).
   */
  readonly needsNegatives?: boolean;
  /** Learns beside the wanted images from labelled images of other things, `data.reference`, whose labels are its columns (heads). */
  readonly needsReference?: boolean;
  /** Gives embeddings that are compared by their distance instead of logits of labels: it can tell labels that it never saw apart (heads). */
  readonly embedding?: boolean;
  /** Cannot do its work without held-out images (thresholds, calibrators, schedules). */
  readonly needsHeldOut?: boolean;
  /** Scores the logits of a trained head instead of features, by a given formula: only a boundary is fitted (detectors). */
  readonly needsLogits?: boolean;
  /** Its weights change in training: core knows before it is made that they are not constants (backbones). */
  readonly trainable?: boolean;
  /** Two fits with the same data and seed give the same state, bit for bit. Default true. */
  readonly deterministic?: boolean;
}

/** What every component states about itself. `options` is a zod object schema; unknown keys are refused. */
export interface ComponentInfo<Kind extends ComponentKind, Schema extends z.ZodType> {
  readonly kind: Kind;
  /** kebab-case: the `use` of a manifest. */
  readonly name: string;
  /** Counts up whenever the same options and data would give another result: manifests pin it as `name@version`. */
  readonly version: number;
  /** One sentence for lists and hover texts. */
  readonly summary: string;
  readonly options: Schema;
  readonly tags?: Tags;
  /** Where to read more. */
  readonly docs?: string;
}
