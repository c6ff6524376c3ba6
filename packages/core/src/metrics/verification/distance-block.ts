/** Distances between some images and others, a rectangle of the matrix of all. */
export interface DistanceBlock {
  /** The image of the first row, and of the first column. */
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
  /** `[rows, stride]`: those of a row, and perhaps others behind them. */
  readonly distances: Float32Array;
  readonly stride: number;
}
