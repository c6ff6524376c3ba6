import type { Context } from '../../context/context.js';
import type { Calibrator, Detector, FitData, Fitted } from '../../plugin/contract.js';
import type { Program } from '../../plugin/engine-contract.js';
import type { NdArray } from '../../tensor/nd-array.js';
import { decodeSafetensors, encodeSafetensors } from '../../tensor/safetensors.js';
import { createTestContext } from '../test-context.js';

/** A component with `fit` and `apply` that the checks of this folder are for. */
export type Estimating = Detector | Calibrator;

export const fill = (component: Estimating, options: object = {}): unknown => component.options.parse(options);

/** Fits with a new context: its random stream starts anew. What `fit` throws at once is a rejection too. */
export async function fit(
  component: Estimating,
  options: object | undefined,
  data: FitData,
  context: Partial<Context> = {},
): Promise<Fitted> {
  return component.fit(fill(component, options), data, createTestContext(context));
}

/** `apply` as a program of which an engine sees nothing but tensors: `x` in, `y` out. */
export function applyProgram(component: Estimating, options: object | undefined, state: Fitted): Program {
  const filled = fill(component, options);
  return {
    name: component.name,
    constants: state.tensors,
    run: ({ inputs, constants }) => ({
      y: component.apply({ options: filled, tensors: constants, json: state.json }, inputs['x']!),
    }),
  };
}

/** Compiles `apply` on the test context's engine and runs it on each of `inputs`. */
export async function applyToEach(
  component: Estimating,
  options: object | undefined,
  state: Fitted,
  inputs: readonly NdArray[],
): Promise<NdArray[]> {
  const { engine } = createTestContext();
  const executable = await engine.compile(applyProgram(component, options, state));
  try {
    const results: NdArray[] = [];
    for (const x of inputs) results.push((await executable.run({ x }))['y']!);
    return results;
  } finally {
    await engine.dispose();
  }
}

export async function apply(
  component: Estimating,
  options: object | undefined,
  state: Fitted,
  x: NdArray,
): Promise<NdArray> {
  const [result] = await applyToEach(component, options, state, [x]);
  return result!;
}

/** What a bundle gives back of a state: its arrays through safetensors, the rest through JSON. */
export function saveAndLoad({ tensors, json }: Fitted): Fitted {
  return {
    tensors: decodeSafetensors(encodeSafetensors(tensors), 'state').arrays,
    json: JSON.parse(JSON.stringify(json)) as object,
  };
}
