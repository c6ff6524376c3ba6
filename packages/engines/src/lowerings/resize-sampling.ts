/** How one axis of an image is resized, with the meaning that tfjs and TensorFlow give to the two flags. */
export interface Sampling {
  /** The source's length. */
  readonly from: number;
  /** The result's length. */
  readonly to: number;
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

function scaleOf({ from, to, alignCorners }: Sampling): number {
  return alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to;
}

/** The element of the source that `place` of the result shows. */
export function nearestSource(sampling: Sampling, place: number): number {
  const at = scaleOf(sampling) * (sampling.halfPixelCenters ? place + 0.5 : place);
  return Math.min(sampling.from - 1, sampling.alignCorners ? Math.round(at) : Math.floor(at));
}

/** The two elements of the source that `place` of the result lies between, and the share of the second. */
function linearSource(sampling: Sampling, place: number): { low: number; high: number; share: number } {
  const scale = scaleOf(sampling);
  const at = sampling.halfPixelCenters ? scale * (place + 0.5) - 0.5 : scale * place;
  const inside = Math.min(Math.max(at, 0), sampling.from - 1);
  const low = Math.floor(inside);
  return { low, high: Math.min(low + 1, sampling.from - 1), share: inside - low };
}

/**
 * Resizing is linear along each axis: row `i` of this `[to, from]` matrix has the weights that make element `i` of the
 * result. Its transpose is what takes gradients back.
 */
export function samplingMatrix(sampling: Sampling, mode: 'linear' | 'nearest'): Float32Array {
  const { from, to } = sampling;
  const matrix = new Float32Array(to * from);
  const add = (row: number, column: number, weight: number) => {
    matrix[row * from + column] = (matrix[row * from + column] as number) + weight;
  };
  for (let place = 0; place < to; place++) {
    if (mode === 'nearest') {
      add(place, nearestSource(sampling, place), 1);
      continue;
    }
    const { low, high, share } = linearSource(sampling, place);
    add(place, low, 1 - share);
    add(place, high, share);
  }
  return matrix;
}
