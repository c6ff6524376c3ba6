import type { Mixture } from '../mixture.js';

import type { Responsibilities } from './responsibilities.js';

/** The M step for one kind of covariance over one matrix of features. */
export interface Maximiser {
  /** @throws KINDRED_FIT_SINGULAR if a covariance has no inverse */
  maximise(responsibilities: Responsibilities): Promise<Mixture>;
  dispose(): Promise<void>;
}
