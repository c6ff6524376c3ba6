/** What the bench hands to Kindred's process of one round. */
export interface KindredTask {
  readonly kind: 'detector' | 'transform';
  readonly use: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** `.npy` files: to fit on, to score, and for the results. */
  readonly train: string;
  readonly test: string;
  readonly out: string;
}
