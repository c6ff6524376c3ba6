import { softplus } from './logistic-regression.js';

/** The mean of -log of the probability given to the truth, rows counting by `importance`. Lower is better. */
export function logLoss(z: Float64Array, y: Uint8Array, importance: Float64Array): number {
  let [sum, total] = [0, 0];
  for (let i = 0; i < z.length; i++) {
    sum += importance[i]! * softplus(y[i] === 1 ? -z[i]! : z[i]!);
    total += importance[i]!;
  }
  return sum / total;
}

/** The area under the ROC curve: the chance that a positive's score is above a negative's, a tie counting one half. */
export function auroc(z: Float64Array, y: Uint8Array): number {
  const order = Array.from(z.keys()).sort((a, b) => z[a]! - z[b]!);
  let [below, wins, positives] = [0, 0, 0];
  for (let start = 0; start < order.length;) {
    let [ties, tiedPositives] = [0, 0];
    const value = z[order[start]!]!;
    for (; start + ties < order.length && z[order[start + ties]!] === value; ties++) {
      tiedPositives += y[order[start + ties]!]!;
    }
    wins += tiedPositives * (below + (ties - tiedPositives) / 2);
    below += ties - tiedPositives;
    positives += tiedPositives;
    start += ties;
  }
  return wins / (positives * below);
}
