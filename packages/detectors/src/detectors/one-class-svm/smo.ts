/** Stands for a curvature that is not positive, as in libsvm. */
const TAU = 1e-12;

/** Elements of the kernel that may be touched before others get a turn: some tens of milliseconds. */
const PAUSE_AFTER = 2e7;

/**
 * A one-class dual over some rows, `min 1/2 a'Ka + p'a` with `0 <= a <= 1` and the sum of `a` fixed: where it stands. `alpha` and `gradient`
 * (of the objective in `alpha`, other rows' share included) are changed in place.
 */
export interface Dual {
  /** `[M, M]`, row-major and symmetric. */
  readonly kernel: Float32Array;
  readonly alpha: Float64Array;
  readonly gradient: Float64Array;
}

export interface SmoLimits {
  /** By how much the conditions of optimality may be violated. */
  readonly tolerance: number;
  readonly iterations: number;
  /** Awaited now and then, with the number of pairs that were moved since. */
  readonly pause: (moved: number) => Promise<void>;
}

/**
 * Sequential minimal optimization with second-order choice of the pair (Fan, Chen and Lin 2005, "Working set selection using second
 * order information for training support vector machines"), ties decided as libsvm decides them. Returns the number of
 * pairs that were moved.
 */
export async function smo(dual: Dual, { tolerance, iterations, pause }: SmoLimits): Promise<number> {
  const atOnce = Math.max(1, Math.ceil(PAUSE_AFTER / (3 * dual.alpha.length)));
  let done = 0;
  while (done < iterations) {
    const wanted = Math.min(atOnce, iterations - done);
    const moved = movePairs(dual, tolerance, wanted);
    done += moved;
    if (moved < wanted) break;
    await pause(moved);
  }
  return done;
}

/** Moves up to `limit` pairs; fewer if the conditions of optimality hold before. */
function movePairs({ kernel, alpha, gradient }: Dual, tolerance: number, limit: number): number {
  const size = alpha.length;
  const diagonal = new Float64Array(size);
  for (let t = 0; t < size; t++) diagonal[t] = kernel[t * size + t]!;

  let i = lowestBelowBound(alpha, gradient);
  for (let moved = 0; moved < limit; moved++) {
    if (i < 0) return moved;
    const j = bestPartner(kernel, alpha, gradient, diagonal, i, tolerance);
    if (j < 0) return moved;

    const rowI = i * size;
    const rowJ = j * size;
    const oldI = alpha[i]!;
    const oldJ = alpha[j]!;
    const curvature = diagonal[i]! + diagonal[j]! - 2 * kernel[rowI + j]!;
    const step = (gradient[j]! - gradient[i]!) / (curvature > 0 ? curvature : TAU);
    // Cut at the nearer bound, so that the one that reaches it lies on it exactly.
    const sum = oldI + oldJ;
    let newI = oldI + step;
    let newJ = oldJ - step;
    if (newJ < 0) {
      newJ = 0;
      newI = sum;
    }
    if (newI > 1) {
      newI = 1;
      newJ = sum - 1;
    }
    alpha[i] = newI;
    alpha[j] = newJ;

    const changeI = newI - oldI;
    const changeJ = newJ - oldJ;
    let lowest = Infinity;
    i = -1;
    for (let t = 0; t < size; t++) {
      const g = gradient[t]! + changeI * kernel[rowI + t]! + changeJ * kernel[rowJ + t]!;
      gradient[t] = g;
      if (g <= lowest && alpha[t]! < 1) {
        lowest = g;
        i = t;
      }
    }
  }
  return limit;
}

function lowestBelowBound(alpha: Float64Array, gradient: Float64Array): number {
  let lowest = Infinity;
  let index = -1;
  for (let t = 0; t < alpha.length; t++) {
    if (alpha[t]! >= 1 || gradient[t]! > lowest) continue;
    lowest = gradient[t]!;
    index = t;
  }
  return index;
}

/** The row from which moving weight to row `i` lowers the objective most, or -1 if no move is worth more than `tolerance`. */
function bestPartner(
  kernel: Float32Array,
  alpha: Float64Array,
  gradient: Float64Array,
  diagonal: Float64Array,
  i: number,
  tolerance: number,
): number {
  const size = alpha.length;
  const row = i * size;
  const lowest = gradient[i]!;
  const own = diagonal[i]!;
  let highest = -Infinity;
  let gain = -Infinity;
  let partner = -1;
  for (let t = 0; t < size; t++) {
    if (alpha[t]! <= 0) continue;
    const g = gradient[t]!;
    if (g > highest) highest = g;
    const violation = g - lowest;
    if (violation <= 0) continue;
    const curvature = own + diagonal[t]! - 2 * kernel[row + t]!;
    const value = (violation * violation) / (curvature > 0 ? curvature : TAU);
    if (value < gain) continue;
    gain = value;
    partner = t;
  }
  return highest - lowest < tolerance ? -1 : partner;
}
