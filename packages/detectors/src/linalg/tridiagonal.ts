/** A symmetric matrix as `Q T Q^T`: T tridiagonal, Q a product of reflections. */
export interface Tridiagonal {
  readonly n: number;
  readonly diagonal: Float64Array;
  /** `[n]`: element i is between i and i + 1, the last is 0. */
  readonly offDiagonal: Float64Array;
  /** `[n, n]`: the first i elements of row i are the vector u of a reflection `I - factors[i] u u^T`. */
  readonly reflections: Float64Array;
  /** 0 where nothing is reflected. */
  readonly factors: Float64Array;
}

/**
 * Householder's reduction (Golub & Van Loan 2013, algorithm 8.3.1) of a symmetric matrix, row-major, of which the lower triangle is read
 * and `work` itself changed. One pass over memory a step: while a row is updated by one reflection, its product with the next is summed. Yields after
 * each row, so that the caller may let others work.
 */
export function* tridiagonalize(work: Float64Array, n: number): Generator<void, Tridiagonal> {
  const diagonal = new Float64Array(n);
  const offDiagonal = new Float64Array(n);
  const factors = new Float64Array(n);
  // The update still to be made to the leading rows: a -= u q^T + q u^T.
  let u: Float64Array = new Float64Array(n);
  let q: Float64Array = new Float64Array(n);
  for (let i = n - 1; i > 0; i--) {
    const row = work.subarray(i * n, i * n + i + 1);
    for (let c = 0; c <= i; c++) row[c]! -= u[i]! * q[c]! + q[i]! * u[c]!;
    diagonal[i] = row[i]!;
    const vector = row.subarray(0, i);
    const { factor, length } = reflect(vector);
    factors[i] = factor;
    offDiagonal[i - 1] = length;

    const product = new Float64Array(i);
    updateAndMultiply(work, n, i, u, q, vector, product);
    let half = 0;
    for (let c = 0; c < i; c++) half += vector[c]! * product[c]!;
    half *= (factor * factor) / 2;
    u = vector;
    q = product;
    for (let c = 0; c < i; c++) q[c] = factor * q[c]! - half * u[c]!;
    yield;
  }
  diagonal[0] = work[0]! - (n > 1 ? 2 * u[0]! * q[0]! : 0);
  return { n, diagonal, offDiagonal, reflections: work, factors };
}

/** Makes `x` the vector of the reflection that turns it into a multiple, `length`, of the last unit vector. */
function reflect(x: Float64Array): { factor: number; length: number } {
  const last = x.length - 1;
  const largest = x.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest === 0 || x.subarray(0, last).every((value) => value === 0)) return { factor: 0, length: x[last]! };
  let squares = 0;
  // Scaled, so that squares of very small or large numbers do not underflow or overflow.
  for (let c = 0; c <= last; c++) {
    x[c]! /= largest;
    squares += x[c]! * x[c]!;
  }
  const norm = x[last]! > 0 ? -Math.sqrt(squares) : Math.sqrt(squares);
  const factor = 1 / (squares - norm * x[last]!);
  x[last]! -= norm;
  return { factor, length: norm * largest };
}

/** Updates the leading `size` rows by `u` and `q`, and adds their product with `vector` to `product`. */
function updateAndMultiply(
  a: Float64Array,
  n: number,
  size: number,
  u: Float64Array,
  q: Float64Array,
  vector: Float64Array,
  product: Float64Array,
): void {
  const whole = size - (size % 4);
  for (let r = 0; r < whole; r += 4) {
    fourRows(a, n, r, u, q, vector, product);
    for (let k = 0; k < 4; k++) oneRow(a, n, r + k, r, u, q, vector, product);
  }
  for (let r = whole; r < size; r++) oneRow(a, n, r, 0, u, q, vector, product);
}

/** Columns `from` to the diagonal of row `r`. */
function oneRow(
  a: Float64Array,
  n: number,
  r: number,
  from: number,
  u: Float64Array,
  q: Float64Array,
  vector: Float64Array,
  product: Float64Array,
): void {
  let sum = 0;
  for (let c = from; c < r; c++) {
    const value = a[r * n + c]! - u[r]! * q[c]! - q[r]! * u[c]!;
    a[r * n + c] = value;
    sum += value * vector[c]!;
    product[c]! += value * vector[r]!;
  }
  const onDiagonal = a[r * n + r]! - 2 * u[r]! * q[r]!;
  a[r * n + r] = onDiagonal;
  product[r]! += sum + onDiagonal * vector[r]!;
}

/** Columns left of `r` of the four rows from `r` on. */
function fourRows(
  a: Float64Array,
  n: number,
  r: number,
  u: Float64Array,
  q: Float64Array,
  vector: Float64Array,
  product: Float64Array,
): void {
  const [a0, a1, a2, a3] = [r * n, (r + 1) * n, (r + 2) * n, (r + 3) * n];
  const [u0, u1, u2, u3] = [u[r]!, u[r + 1]!, u[r + 2]!, u[r + 3]!];
  const [q0, q1, q2, q3] = [q[r]!, q[r + 1]!, q[r + 2]!, q[r + 3]!];
  const [v0, v1, v2, v3] = [vector[r]!, vector[r + 1]!, vector[r + 2]!, vector[r + 3]!];
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  for (let c = 0; c < r; c++) {
    const uc = u[c]!;
    const qc = q[c]!;
    const vc = vector[c]!;
    const x0 = a[a0 + c]! - u0 * qc - q0 * uc;
    const x1 = a[a1 + c]! - u1 * qc - q1 * uc;
    const x2 = a[a2 + c]! - u2 * qc - q2 * uc;
    const x3 = a[a3 + c]! - u3 * qc - q3 * uc;
    a[a0 + c] = x0;
    a[a1 + c] = x1;
    a[a2 + c] = x2;
    a[a3 + c] = x3;
    s0 += x0 * vc;
    s1 += x1 * vc;
    s2 += x2 * vc;
    s3 += x3 * vc;
    product[c]! += x0 * v0 + x1 * v1 + (x2 * v2 + x3 * v3);
  }
  product[r]! += s0;
  product[r + 1]! += s1;
  product[r + 2]! += s2;
  product[r + 3]! += s3;
}
