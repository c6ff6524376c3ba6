import type { Network, Weights } from '../plugin/contract.js';
import type { NamedTensors } from '../plugin/engine-contract.js';
import { withLayer } from '../tensor/layer-scope.js';

const SEPARATOR = '/';

/** Puts `scope/` before every name. */
export function addScope<T>(scope: string, values: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [scope + SEPARATOR + name, value]));
}

/** Whether the name begins with `scope/`. */
export const inScope = (scope: string, name: string): boolean => name.startsWith(scope + SEPARATOR);

/** The values whose names begin with `scope/`, without it. */
export function takeScope<T>(scope: string, values: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([name]) => inScope(scope, name))
      .map(([name, value]) => [name.slice(scope.length + SEPARATOR.length), value]),
  );
}

/** The same network with its weights' names under `scope/`, so that several can be trained as one. */
export function scopeNetwork(scope: string, network: Network): Network {
  return {
    init: (random): Weights => addScope(scope, network.init(random)),
    forward: (weights: NamedTensors, x, mode) =>
      withLayer(scope, () =>
        network.forward(takeScope(scope, weights), x, {
          ...mode,
          update: (weight, value) => mode.update(scope + SEPARATOR + weight, value),
        }),
      ),
  };
}
