import type { Point } from './optimality.js';

/**
 * The `limit` rows to optimize next, ascending: by turns those of lowest gradient among rows that may gain weight and those of highest
 * among rows that may lose some (Joachims 1999). So the pair that violates the conditions most is among them, and after the
 * violators the rows nearest to the boundary.
 */
export function chooseWorkingSet({ alpha, gradient }: Point, limit: number): Int32Array {
  const order = Int32Array.from(alpha.keys()).sort((a, b) => gradient[a]! - gradient[b]! || a - b);
  if (alpha.length <= limit) return order.sort();
  const chosen = new Set<number>();
  let up = 0;
  let down = order.length - 1;
  while (chosen.size < limit && (up < order.length || down >= 0)) {
    while (up < order.length && alpha[order[up]!]! >= 1) up++;
    if (up < order.length) chosen.add(order[up++]!);
    while (down >= 0 && alpha[order[down]!]! <= 0) down--;
    if (down >= 0 && chosen.size < limit) chosen.add(order[down--]!);
  }
  return Int32Array.from(chosen).sort();
}
