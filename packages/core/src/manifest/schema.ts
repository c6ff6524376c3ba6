import { z } from 'zod';

import { oneClassOptions } from '../data/one-class/options.js';
import { splitOptions } from '../data/split/options.js';
import { componentOption } from '../plugin/component-option.js';

/** The plugins of a manifest that names none. */
export const DEFAULT_PLUGINS = ['@kindred/backbones', '@kindred/heads', '@kindred/detectors'];

/** The branch of a manifest that writes `head` or `detector` at its top level. */
export const SINGLE_BRANCH = 'main';

/** What `data` holds beside the options of its dataset. */
export const dataSettings = z.strictObject({
  split: splitOptions.prefault({}).describe('How samples are divided into training, validation and test parts.'),
  oneClass: oneClassOptions
    .optional()
    .describe('Which images are normal, for detectors. Left out: all of them, where there is one class or a head.'),
  validation: componentOption('dataset')
    .optional()
    .describe('A dataset of its own for the validation part, in place of a share of this one.'),
  test: componentOption('dataset')
    .optional()
    .describe('A dataset of its own for the test part, in place of a share of this one.'),
  negatives: componentOption('dataset')
    .optional()
    .describe(
      'Images that do not belong, whatever their labels: divided as "split" says. A relevance head learns from them; detectors are only measured on them.',
    ),
  reference: componentOption('dataset')
    .optional()
    .describe('Labelled images of other things, for heads that learn from them what sets the wanted ones apart.'),
  onError: z
    .enum(['fail', 'skip'])
    .default('fail')
    .describe(
      'What training does about an image that cannot be read: fail naming them all, or leave it out and say so.',
    ),
  limitInputPixels: z
    .int()
    .min(1)
    .default(100_000_000)
    .describe('Images of more pixels than this are refused before they are decoded.'),
});

/** What `backbone` holds beside the options of its component: how the engine runs it, which no component knows of. */
export const backboneSettings = z.strictObject({
  precision: z
    .enum(['float32', 'int8'])
    .default('float32')
    .describe(
      'What a frozen backbone computes in; int8 is about three times as fast, and gives slightly other features.',
    ),
  calibrationImages: z
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe('With int8: training images on which the ranges of inner values are measured. 200 if left out.'),
  maxDrift: z
    .number()
    .min(0)
    .max(2)
    .optional()
    .describe(
      'With int8: training is refused where 1 - mean cosine between features in int8 and float32, on held-out images, is above it. 0.02 if left out.',
    ),
});

/** The settings of `"precision": "int8"` that are left out. */
export const INT8_DEFAULTS = { calibrationImages: 200, maxDrift: 0.02 } as const;

const branchShape = {
  from: z
    .string()
    .regex(
      /^[a-z][a-z0-9-]*\.[A-Za-z][A-Za-z0-9_-]*$/,
      'must be the name of another branch and what is read of it, such as "genres.logits"',
    )
    .optional()
    .describe(
      'What the branch sees instead of features, of the head of another branch: "genres.logits", "faces.embedding", or a layer by its name, "species.relevant".',
    ),
  transforms: z.array(componentOption('transform')).optional().describe('Applied to features in this order.'),
  head: componentOption('head').optional().describe('Learns labels from features.'),
  detector: componentOption('detector')
    .optional()
    .describe('Learns from wanted images alone whether an image belongs.'),
  calibrator: componentOption('calibrator').optional().describe('Turns scores into probabilities on held-out images.'),
  thresholds: componentOption('threshold')
    .optional()
    .describe(
      "From which probability on a label is given, or from which score of a detector on an image is normal. Left out: one half, or the detector's own boundary.",
    ),
};

/** For editors: JSON Schema cannot be made from a rule that is written in code. */
const oneOf = (...keys: string[]) => ({ oneOf: keys.map((key) => ({ required: [key] })) });

export const branchSchema = z
  .strictObject(branchShape)
  .refine((branch) => !branch.head !== !branch.detector, { message: 'must have either a head or a detector' })
  .meta(oneOf('head', 'detector'));

const trainingSchema = z.strictObject({
  epochs: z.int().min(1).max(100_000).default(10).describe('Passes over the training images.'),
  batchSize: z.int().min(1).max(65_536).default(64).describe('Images a step.'),
  optimizer: componentOption('optimizer', 'adam').describe('How weights follow their gradients.'),
  restoreBest: z
    .boolean()
    .default(false)
    .describe('Keep the weights of the epoch with the lowest validation loss instead of the last.'),
  patience: z.int().min(1).optional().describe('Stop after so many epochs without a lower validation loss.'),
  schedule: componentOption('schedule')
    .optional()
    .describe('How the learning rate changes during training; constant if left out.'),
  warmup: z
    .number()
    .min(0)
    .default(0)
    .describe('Epochs, or a part of one, in which the learning rate rises from 0 to where it begins.'),
  clipNorm: z
    .number()
    .positive()
    .optional()
    .describe(
      'The greatest length that the gradient of all weights together may have; a longer one is shortened to it.',
    ),
  learningRateFactors: z
    .record(z.string(), z.number().min(0))
    .optional()
    .describe(
      'What the learning rate is multiplied with for the weights of the "backbone", or of the head of a branch by its name.',
    ),
  augmentation: z
    .array(componentOption('augmentation'))
    .optional()
    .describe('Changes training images anew in every epoch, in this order; others are never changed.'),
});

/** What `search` holds beside the options that are tried. */
export const searchSettings = z.object({
  metric: componentOption('metric')
    .optional()
    .describe('What is best: measured on the validation part. AUROC for a detector and mAP for a head if left out.'),
  seeds: z
    .array(
      z
        .int()
        .min(0)
        .max(2 ** 31 - 1),
    )
    .min(1)
    .optional()
    .describe("Each choice is fitted once with each of these, and their mean counts. The manifest's seed if left out."),
});

const searchSchema = searchSettings.catchall(
  z.array(z.unknown()).min(1).describe('Values to try for the option whose path is the key: "detector.nu".'),
);

const manifestShape = {
  $schema: z.string().optional().describe('Where editors find the schema of manifests.'),
  kindred: z.literal(1).describe('The version of the manifest format.'),
  name: z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/,
      'must begin with a letter or digit and hold at most 100 letters, digits, ".", "_" and "-"',
    )
    .describe('Names the pipeline and its bundle.'),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(42)
    .describe('Everything random follows from it.'),
  plugins: z
    .array(z.string().min(1))
    .default(DEFAULT_PLUGINS)
    .describe('Packages by name, or files by a path that starts with "./".'),
  engine: componentOption('engine', 'onnx').describe('What compiles and runs programs.'),
  data: componentOption('dataset').describe('Where images and labels are.'),
  backbone: componentOption('backbone').describe('Turns an image into a feature.'),
  branches: z
    .record(
      z
        .string()
        .regex(/^[a-z][a-z0-9-]*$/, 'must begin with a letter and hold lower-case letters, digits and "-" alone'),
      branchSchema,
    )
    .optional()
    .describe('Outputs by name; they share the backbone.'),
  ...branchShape,
  training: trainingSchema.prefault({}).describe('How heads, and backbones that learn, are trained.'),
  search: searchSchema
    .optional()
    .describe(
      'Options to try, each path with a list of values: `kindred train --search` takes the best of all choices.',
    ),
  metrics: z
    .array(componentOption('metric'))
    .optional()
    .describe('What is measured on the test part; the usual set for the head if left out.'),
};

/** A whole manifest, but for the options of its components. */
export const manifestSchema = z.strictObject(manifestShape).meta(oneOf('head', 'detector', 'branches'));

/** A manifest as a person writes it, checked but not filled. */
export type ManifestInput = z.output<typeof manifestSchema>;
