import type { z } from 'zod';

import type { ComponentReference } from '../plugin/contract.js';

import type { dataSettings } from './schema.js';

/** How a backbone is run. */
export type BackbonePrecision =
  | { readonly precision: 'float32' }
  | { readonly precision: 'int8'; readonly calibrationImages: number; readonly maxDrift: number };

/** A branch with every default in place. */
export interface FilledBranch {
  /** `branch.layer`: what it sees instead of features. */
  readonly from?: string;
  readonly transforms: readonly ComponentReference[];
  readonly head?: ComponentReference;
  readonly detector?: ComponentReference;
  readonly calibrator?: ComponentReference;
  readonly thresholds?: ComponentReference;
}

/**
 * A manifest with every default in place, as plain JSON: each component as `name@version` with all its options, branches
 * always by name. It is itself a manifest that means the same.
 */
export interface FilledManifest {
  readonly kindred: 1;
  readonly name: string;
  readonly seed: number;
  readonly plugins: readonly string[];
  readonly engine: ComponentReference;
  readonly data: ComponentReference & z.output<typeof dataSettings>;
  readonly backbone: ComponentReference & BackbonePrecision;
  readonly branches: Readonly<Record<string, FilledBranch>>;
  readonly training: {
    readonly epochs: number;
    readonly batchSize: number;
    readonly optimizer: ComponentReference;
    readonly restoreBest: boolean;
    readonly patience?: number;
    readonly schedule?: ComponentReference;
    readonly warmup: number;
    readonly clipNorm?: number;
    readonly learningRateFactors?: Readonly<Record<string, number>>;
    readonly augmentation?: readonly ComponentReference[];
  };
  readonly metrics?: readonly ComponentReference[];
  readonly search?: FilledSearch;
}

/** Options to try by their full paths, `branches.main.detector.nu`, beside the two settings. */
export type FilledSearch = {
  readonly metric?: ComponentReference;
  readonly seeds: readonly number[];
} & Readonly<Record<string, unknown>>;
