import { float32, type NdArray } from '../tensor/nd-array.js';

/** Collects features by image hash in one matrix, one row for each different image in the order of `hashes`. */
export class FeatureRows {
  readonly #rowOf: ReadonlyMap<string, number>;
  readonly #data: Float32Array;

  constructor(
    hashes: ReadonlySet<string>,
    private readonly length: number,
  ) {
    this.#rowOf = new Map([...hashes].map((hash, row) => [hash, row]));
    this.#data = new Float32Array(hashes.size * length);
  }

  set(hash: string, feature: Float32Array): void {
    const row = this.#rowOf.get(hash);
    if (row !== undefined) this.#data.set(feature, row * this.length);
  }

  /** float32 `[hashes.length, length]`, rows repeated for copies. The collected matrix itself where it is just that. */
  select(hashes: readonly string[]): NdArray<'float32'> {
    const shape = [hashes.length, this.length];
    const rows = hashes.map((hash) => this.#rowOf.get(hash) ?? -1);
    if (rows.length === this.#rowOf.size && rows.every((row, i) => row === i)) return float32(shape, this.#data);
    const selected = float32(shape);
    rows.forEach((row, i) => {
      selected.data.set(this.#data.subarray(row * this.length, (row + 1) * this.length), i * this.length);
    });
    return selected;
  }
}
