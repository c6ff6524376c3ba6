import type { ComponentsContext } from '../plugin/contract.js';
import type { Engine } from '../plugin/engine-contract.js';

import type { FeatureStore } from './feature-store.js';
import type { Logger } from './logger.js';
import type { Progress } from './progress.js';
import type { Random } from './random.js';

/** The services a component is handed. Nothing in it is global; each pipeline has its own. */
export interface Context extends ComponentsContext {
  readonly log: Logger;
  /** A stream of its own for each component: what one draws does not change what another gets. */
  readonly random: Random;
  readonly progress: Progress;
  readonly engine: Engine;
  readonly featureStore: FeatureStore;
  /** Aborted by Ctrl-C or the caller; long work must stop within a second. */
  readonly signal: AbortSignal;
  /** The folder relative paths in the manifest start at. */
  readonly baseDir: string;
  /** A folder for downloads that may be kept between runs (`KINDRED_CACHE`). */
  readonly cacheDir: string;
}
