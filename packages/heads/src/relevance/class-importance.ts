export type Balance = 'balanced' | 'none';

/** What an image counts: 1, or images / (2 * images of its class), so that both classes weigh the same (scikit-learn's `balanced`). */
export function classImportance(balance: Balance, { positive, negative }: { positive: number; negative: number }) {
  if (balance === 'none') return { positive: 1, negative: 1 };
  const half = (positive + negative) / 2;
  return { positive: half / Math.max(1, positive), negative: half / Math.max(1, negative) };
}

/** The same for each row of `y`. */
export function rowImportance(balance: Balance, y: Uint8Array): Float64Array {
  const positive = y.reduce((sum, value) => sum + value, 0);
  const weights = classImportance(balance, { positive, negative: y.length - positive });
  return Float64Array.from(y, (value) => (value === 1 ? weights.positive : weights.negative));
}
