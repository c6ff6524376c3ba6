/** A line through points: how fast `y` grows, and between which bounds that lies with a certainty of 95 %. */
export interface Slope {
  readonly perUnit: number;
  readonly low: number;
  readonly high: number;
}

/** Of Student's distribution: with a few dozen points the normal one's 1.96 is near enough to be stated as it is. */
const NORMAL_95 = 1.96;

/**
 * Least squares with the usual standard error of the slope (Draper & Smith: Applied Regression Analysis, 1998, 1.4).
 * @throws RangeError for fewer than three points, or all at one `x`
 */
export function slopeOf(points: readonly { readonly x: number; readonly y: number }[]): Slope {
  const n = points.length;
  const mean = (of: (point: { x: number; y: number }) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / n;
  const [mx, my] = [mean(({ x }) => x), mean(({ y }) => y)];
  const spread = points.reduce((sum, { x }) => sum + (x - mx) ** 2, 0);
  if (n < 3 || spread === 0) throw new RangeError(`a slope needs three points apart from each other. Got ${n}.`);
  const perUnit = points.reduce((sum, { x, y }) => sum + (x - mx) * (y - my), 0) / spread;
  const residual = points.reduce((sum, { x, y }) => sum + (y - my - perUnit * (x - mx)) ** 2, 0);
  const error = NORMAL_95 * Math.sqrt(residual / (n - 2) / spread);
  return { perUnit, low: perUnit - error, high: perUnit + error };
}
