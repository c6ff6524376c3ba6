import type { FeatureStore } from '../context/feature-store.js';
import type { Logger } from '../context/logger.js';
import { isKindredError } from '../errors/kindred-error.js';

/** Writes features to a store as long as it has room: a full cache is no reason to lose hours of work. */
export class FeatureWriter {
  #store: FeatureStore | undefined;

  constructor(
    store: FeatureStore | undefined,
    private readonly log: Logger,
  ) {
    this.#store = store;
  }

  /** @throws whatever the store fails with, other than KINDRED_STORE_FULL */
  async write(entries: readonly (readonly [key: string, feature: Float32Array])[]): Promise<void> {
    try {
      await this.#store?.putMany(entries);
    } catch (error) {
      if (!isKindredError(error) || error.code !== 'KINDRED_STORE_FULL') throw error;
      // Batches under way at the same time fail alike: one message is enough.
      if (this.#store !== undefined) {
        const { code, hint } = error;
        this.log.warn({ code, path: error.path }, `${error.message} Features are no longer kept. ${hint ?? ''}`.trim());
      }
      this.#store = undefined;
    }
  }
}
