/** Columns that are factored before the rest is updated: a tile's rows then stay in the processor's nearest cache. */
const BLOCK = 48;

/**
 * Lower factor L `[n, n]` of a positive definite matrix: `a = L L^T`, row-major, zeros above the diagonal (Golub & Van Loan 2013,
 * section 4.2). Only the lower triangle of `a` is read, and `a` stays as it was. Undefined where `a` is not positive definite within
 * the rounding error of float64.
 */
export function cholesky(a: Float64Array, n: number): Float64Array | undefined {
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++) l.set(a.subarray(i * n, i * n + i + 1), i * n);

  for (let from = 0; from < n; from += BLOCK) {
    const to = Math.min(n, from + BLOCK);
    for (let i = from; i < n; i++) {
      if (!factorRow(l, n, i, from, Math.min(to, i + 1), a[i * n + i]!)) return undefined;
    }
    subtractProducts(l, n, from, to);
  }
  return l;
}

/** Columns `from` to `to` of row `i`; false where its pivot is not positive beyond the rounding error of `diagonal`. */
function factorRow(l: Float64Array, n: number, i: number, from: number, to: number, diagonal: number): boolean {
  const row = i * n;
  for (let j = from; j < to; j++) {
    const other = j * n;
    let value = l[row + j]!;
    for (let k = from; k < j; k++) value -= l[row + k]! * l[other + k]!;
    if (j < i) {
      l[row + j] = value / l[other + j]!;
    } else {
      if (!(value > 10 * n * Number.EPSILON * diagonal)) return false;
      l[row + j] = Math.sqrt(value);
    }
  }
  return true;
}

/** Takes the products of the columns `from` to `to` off the lower triangle behind them, in tiles of four by four. */
function subtractProducts(l: Float64Array, n: number, from: number, to: number): void {
  for (let i = to; i < n; i += 4) {
    const whole = i + 4 <= n;
    for (let j = to; j < Math.min(n, i + 4); j += 4) {
      if (whole && j < i) subtractTile(l, n, i, j, from, to);
      else subtractRest(l, n, i, j, from, to);
    }
  }
}

function subtractTile(l: Float64Array, n: number, i: number, j: number, from: number, to: number): void {
  const [i0, i1, i2, i3] = [i * n, (i + 1) * n, (i + 2) * n, (i + 3) * n];
  const [j0, j1, j2, j3] = [j * n, (j + 1) * n, (j + 2) * n, (j + 3) * n];
  let [s00, s01, s02, s03] = [0, 0, 0, 0];
  let [s10, s11, s12, s13] = [0, 0, 0, 0];
  let [s20, s21, s22, s23] = [0, 0, 0, 0];
  let [s30, s31, s32, s33] = [0, 0, 0, 0];
  for (let k = from; k < to; k++) {
    const b0 = l[j0 + k]!;
    const b1 = l[j1 + k]!;
    const b2 = l[j2 + k]!;
    const b3 = l[j3 + k]!;
    const a0 = l[i0 + k]!;
    s00 += a0 * b0;
    s01 += a0 * b1;
    s02 += a0 * b2;
    s03 += a0 * b3;
    const a1 = l[i1 + k]!;
    s10 += a1 * b0;
    s11 += a1 * b1;
    s12 += a1 * b2;
    s13 += a1 * b3;
    const a2 = l[i2 + k]!;
    s20 += a2 * b0;
    s21 += a2 * b1;
    s22 += a2 * b2;
    s23 += a2 * b3;
    const a3 = l[i3 + k]!;
    s30 += a3 * b0;
    s31 += a3 * b1;
    s32 += a3 * b2;
    s33 += a3 * b3;
  }
  subtractFour(l, i0 + j, s00, s01, s02, s03);
  subtractFour(l, i1 + j, s10, s11, s12, s13);
  subtractFour(l, i2 + j, s20, s21, s22, s23);
  subtractFour(l, i3 + j, s30, s31, s32, s33);
}

function subtractFour(l: Float64Array, at: number, a: number, b: number, c: number, d: number): void {
  l[at]! -= a;
  l[at + 1]! -= b;
  l[at + 2]! -= c;
  l[at + 3]! -= d;
}

/** What of a tile at the diagonal or the last rows lies in the lower triangle. */
function subtractRest(l: Float64Array, n: number, i: number, j: number, from: number, to: number): void {
  for (let row = i; row < Math.min(n, i + 4); row++) {
    for (let column = j; column < Math.min(row + 1, j + 4); column++) {
      let sum = 0;
      for (let k = from; k < to; k++) sum += l[row * n + k]! * l[column * n + k]!;
      l[row * n + column]! -= sum;
    }
  }
}
