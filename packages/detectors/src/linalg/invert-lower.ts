/**
 * Inverse `[n, n]` of a lower triangular matrix with no zero on its diagonal, row-major; it is lower triangular too. Row by row by
 * forward substitution, four earlier rows at a time.
 */
export function invertLower(l: Float64Array, n: number): Float64Array {
  const inverse = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const row = inverse.subarray(i * n, i * n + i + 1);
    const whole = i - (i % 4);
    for (let k = 0; k < whole; k += 4) subtractRows(row, inverse, l, n, i, k);
    for (let k = whole; k < i; k++) {
      const factor = l[i * n + k]!;
      for (let j = 0; j <= k; j++) row[j]! -= factor * inverse[k * n + j]!;
    }
    const pivot = l[i * n + i]!;
    for (let j = 0; j < i; j++) row[j]! /= pivot;
    row[i] = 1 / pivot;
  }
  return inverse;
}

function subtractRows(
  row: Float64Array,
  inverse: Float64Array,
  l: Float64Array,
  n: number,
  i: number,
  k: number,
): void {
  const f0 = l[i * n + k]!;
  const f1 = l[i * n + k + 1]!;
  const f2 = l[i * n + k + 2]!;
  const f3 = l[i * n + k + 3]!;
  const [k0, k1, k2, k3] = [k * n, (k + 1) * n, (k + 2) * n, (k + 3) * n];
  // What lies above the diagonal of the earlier rows is zero.
  for (let j = 0; j <= k + 3; j++) {
    row[j]! -= f0 * inverse[k0 + j]! + f1 * inverse[k1 + j]! + (f2 * inverse[k2 + j]! + f3 * inverse[k3 + j]!);
  }
}
