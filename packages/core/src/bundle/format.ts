import { z } from 'zod';

/** The version of the bundle format that this Kindred writes, and the only one it reads. */
export const BUNDLE_FORMAT = 1;

/** The file that makes a folder a bundle. It lists all others with their sizes and hashes. */
export const LOCK_FILE = 'lock.json';
export const MANIFEST_FILE = 'manifest.json';
export const METRICS_FILE = 'metrics.json';
/** A picture of what a branch reads of another's hidden layer: for people, nothing reads it. */
export const activationsFile = (branch: string) => `activations/${branch}.png`;
export const STATE_FILE = 'state/pipeline.json';
export const STATE_TENSORS = 'state/pipeline.safetensors';

const relativePath = z
  .string()
  .regex(
    /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*(\/[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*)*$/,
    'must be a path inside the bundle',
  );

export const lockSchema = z.strictObject({
  format: z.literal(BUNDLE_FORMAT),
  /** Versions of what made the bundle. */
  kindred: z.string(),
  engine: z.record(z.string(), z.string()),
  seed: z.int(),
  /** `kind name@version` of every component and the plugin that it came from. */
  components: z.array(z.strictObject({ kind: z.string(), use: z.string(), plugin: z.string() })),
  backbone: z.strictObject({ fingerprint: z.string(), source: z.string().optional() }),
  /** What a frozen backbone was computed in, if not in float32, and how near its features are to those in float32. */
  precision: z
    .strictObject({
      name: z.literal('int8'),
      calibration: z.string(),
      drift: z.strictObject({ images: z.int(), heldOut: z.boolean(), meanCosine: z.number(), minCosine: z.number() }),
    })
    .optional(),
  /** Hash over ids, labels and image hashes of all samples that were used. */
  data: z.strictObject({ samples: z.int(), fingerprint: z.string() }),
  /** From the bundle's folder to the one where relative paths of the manifest start. */
  baseDir: z.string(),
  files: z.record(relativePath, z.strictObject({ bytes: z.int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/) })),
});
export type Lock = z.output<typeof lockSchema>;

const numbers = z.array(z.number());
const fitted = z.strictObject({ json: z.record(z.string(), z.unknown()) });

/** What is not numbers of the pipeline's state; tensors lie beside it under the same names. */
export const stateSchema = z.strictObject({
  labels: z.array(z.string()),
  trainedBackbone: z.boolean(),
  calibration: z.record(z.string(), z.unknown()).optional(),
  branches: z.record(
    z.string(),
    z.strictObject({
      transforms: z.array(fitted),
      head: z
        .strictObject({
          spec: z.strictObject({
            features: z.int().min(1),
            labels: z.array(z.string()),
            samples: z.int().min(1),
            positives: numbers,
          }),
        })
        .optional(),
      detector: fitted.optional(),
      calibrator: fitted.optional(),
      thresholds: z.strictObject({ values: numbers, notes: z.array(z.string()) }).optional(),
      reads: z.string().optional(),
    }),
  ),
});
export type StateJson = z.output<typeof stateSchema>;
