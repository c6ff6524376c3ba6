/** Steps after which an eigenvalue counts as stuck; two are usual. */
const STEPS = 60;

/**
 * Eigenvalues of a symmetric tridiagonal matrix, descending, by the implicit QL method with Wilkinson's shift (Golub & Van Loan
 * 2013, section 8.3). `offDiagonal` `[n]` ends with an unused element.
 */
export function tridiagonalValues(diagonal: Float64Array, offDiagonal: Float64Array): Float64Array {
  const n = diagonal.length;
  const d = diagonal.slice();
  const e = offDiagonal.slice();
  if (n > 0) e[n - 1] = 0;
  for (let first = 0; first < n; first++) {
    for (let step = 0; step < STEPS; step++) {
      const last = endOfBlock(d, e, first);
      if (last === first) break;
      qlStep(d, e, first, last);
    }
  }
  return d.sort().reverse();
}

/** The end of the block that begins at `first` and is not yet split by a negligible element. */
function endOfBlock(d: Float64Array, e: Float64Array, first: number): number {
  let last = first;
  while (last < d.length - 1) {
    const size = Math.abs(d[last]!) + Math.abs(d[last + 1]!);
    if (Math.abs(e[last]!) <= Number.EPSILON * size) break;
    last++;
  }
  return last;
}

function qlStep(d: Float64Array, e: Float64Array, first: number, last: number): void {
  const half = (d[first + 1]! - d[first]!) / (2 * e[first]!);
  const root = Math.sqrt(half * half + 1);
  let g = d[last]! - d[first]! + e[first]! / (half + (half >= 0 ? root : -root));
  let [sine, cosine, p] = [1, 1, 0];
  for (let i = last - 1; i >= first; i--) {
    const f = sine * e[i]!;
    const b = cosine * e[i]!;
    const r = Math.sqrt(f * f + g * g);
    e[i + 1] = r;
    if (r === 0) {
      // The block has split: the next step goes on with what is left of it.
      d[i + 1]! -= p;
      e[last] = 0;
      return;
    }
    sine = f / r;
    cosine = g / r;
    g = d[i + 1]! - p;
    const change = (d[i]! - g) * sine + 2 * cosine * b;
    p = sine * change;
    d[i + 1] = g + p;
    g = cosine * change - b;
  }
  d[first]! -= p;
  e[first] = g;
  e[last] = 0;
}
