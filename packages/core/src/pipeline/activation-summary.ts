import type { ActivationSummary } from '../host/types.js';

import type { ActivationGroup } from './activation-groups.js';

/** How many neurons images of each kind make active, above 0: images that do not belong usually fewer of them, or others. */
export function summarizeActivations(layer: string, groups: readonly ActivationGroup[]): ActivationSummary {
  return {
    layer,
    neurons: groups[0]?.activations.shape[1] ?? 0,
    groups: groups.map(({ name, activations }) => {
      const shares = activeShares(activations);
      const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
      const squares = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0);
      return { name, images: shares.length, active: { mean, deviation: Math.sqrt(squares / shares.length) } };
    }),
  };
}

/** The share of active neurons for each image. */
function activeShares({ shape: [images = 0, neurons = 1], data }: ActivationGroup['activations']): number[] {
  return Array.from({ length: images }, (_, image) => {
    let active = 0;
    for (let i = image * neurons; i < (image + 1) * neurons; i++) if (data[i]! > 0) active++;
    return active / neurons;
  });
}
