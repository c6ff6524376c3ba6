import type { Mode, NamedTensors } from '@kindred/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayerVariable } from '@tensorflow/tfjs-layers';

/**
 * Runs `body` while layers read `weights` in place of their own values.
 *
 * Every layer gets at a weight through its variable's two public methods, `read` and `write`. Giving the variables methods of
 * their own for the time of a call makes a stateful model a pure function of its weights: with plain tensors, with
 * variables under `variableGrads`, or while an engine records. Nothing of tfjs' private state is touched, and a call leaves
 * the model as it was.
 */
export function withBoundVariables<T>(
  variables: ReadonlyMap<string, LayerVariable>,
  weights: NamedTensors,
  mode: Mode,
  body: () => T,
): T {
  const bound = [...variables].map(([name, variable]) => bind(variable, name, weights, mode));
  try {
    return body();
  } finally {
    for (const release of bound) release();
  }
}

function bind(variable: LayerVariable, name: string, weights: NamedTensors, mode: Mode): () => void {
  variable.read = () => weights[name] as Tensor;
  // Only moving averages are written during a forward pass.
  variable.write = (value) => {
    mode.update(name, value);
    return variable;
  };
  return () => {
    // The methods of the prototype show again.
    delete (variable as Partial<LayerVariable>).read;
    delete (variable as Partial<LayerVariable>).write;
  };
}
