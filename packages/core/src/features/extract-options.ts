import type { FeatureStore } from '../context/feature-store.js';
import type { Progress } from '../context/progress.js';
import type { KindredError } from '../errors/kindred-error.js';
import type { BackboneModel, Sample } from '../plugin/contract.js';
import type { Executable } from '../plugin/engine-contract.js';
import type { NdArray } from '../tensor/nd-array.js';

export interface ExtractOptions {
  readonly samples: readonly Sample[];
  readonly model: BackboneModel;
  /** The backbone's program: `images` uint8 `[batchSize, H, W, C]` in, `features` float32 `[batchSize, D]` out. */
  readonly executable: Pick<Executable, 'run'>;
  /** What computing is called in progress. Default: computing features. */
  readonly task?: string;
  /** Whether the result holds the features. Default true; false for what is read from the store later, bit by bit. */
  readonly keep?: boolean;
  /** The engine's: one batch more than this is kept under way. */
  readonly concurrency: number;
  /** Where features are looked for first, and put as they are computed. */
  readonly store?: FeatureStore;
  /** Images a run. Smaller last batches are filled up, so that only one shape is compiled. */
  readonly batchSize: number;
  /** What to do about images that cannot be read: leave them out and report them, or fail naming up to 20 of them. */
  readonly onError: 'skip' | 'fail';
  readonly progress: Progress;
  readonly signal?: AbortSignal;
  readonly limitInputPixels?: number;
}

export interface SkippedSample {
  readonly id: string;
  readonly location: string;
  readonly error: KindredError;
}

export interface ExtractedFeatures {
  /** float32 `[M, D]`: one row for each kept sample; `[0, D]` where they were not to be kept. */
  readonly features: NdArray<'float32'>;
  /** Indices into the samples, ascending. */
  readonly kept: readonly number[];
  /** SHA-256 of each kept sample's image. */
  readonly hashes: readonly string[];
  /** In the order of the samples. */
  readonly skipped: readonly SkippedSample[];
  /** Different images; copies of one image count once. */
  readonly stats: { readonly fromStore: number; readonly computed: number };
}
