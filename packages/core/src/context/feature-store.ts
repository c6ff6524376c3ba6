/** Keeps features of frozen backbones, so that changing a head never runs the backbone again. Keys are opaque. */
export interface FeatureStore {
  /** One entry for each key, in order; undefined where the store has none. */
  getMany(keys: readonly string[]): Promise<(Float32Array | undefined)[]>;
  /** @throws KINDRED_STORE_* if it cannot be written (full, read-only). */
  putMany(entries: readonly (readonly [key: string, feature: Float32Array])[]): Promise<void>;
  close(): Promise<void>;
}
