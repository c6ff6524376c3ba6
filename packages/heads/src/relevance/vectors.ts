export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** a += factor * b */
export function addScaled(a: Float64Array, b: Float64Array, factor: number): void {
  for (let i = 0; i < a.length; i++) a[i]! += factor * b[i]!;
}

export const difference = (a: Float64Array, b: Float64Array): Float64Array<ArrayBuffer> =>
  Float64Array.from(a, (value, i) => value - b[i]!);

/** The largest of the values' sizes. */
export function largest(values: Float64Array): number {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}
