import type { Executable, RunOptions } from '../plugin/engine-contract.js';
import type { NdArrays } from '../tensor/nd-array.js';

/** One step to be made: its batch, and the inputs of the step's program. */
export interface StepInputs {
  readonly batch: NdArrays;
  readonly inputs: NdArrays;
}

/**
 * Steps that follow one another, put together as far as the engine computes them faster so and their inputs are equal in
 * shape.
 */
export async function* stepGroups<Step extends StepInputs>(
  steps: AsyncIterable<Step>,
  executable: Executable,
): AsyncGenerator<readonly Step[]> {
  let group: Step[] = [];
  let most = 1;
  for await (const step of steps) {
    const [first] = group;
    if (first && !sameShapes(first.inputs, step.inputs)) {
      yield group;
      group = [];
    }
    if (group.length === 0) most = (await executable.runsAtOnce?.(step.inputs)) ?? 1;
    group.push(step);
    if (group.length < most) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

/** Runs a group and gives the outputs of each of its steps. */
export async function runGroup(
  executable: Executable,
  group: readonly StepInputs[],
  options: RunOptions,
): Promise<readonly NdArrays[]> {
  const inputs = group.map((step) => step.inputs);
  const [only] = inputs;
  if (executable.runAll && inputs.length > 1) return executable.runAll(inputs, options);
  return only ? [await executable.run(only, options)] : [];
}

/** After a group has run: the variables as they were before its step of this number. False where the engine cannot. */
export async function goBackBefore(
  executable: Executable,
  group: readonly StepInputs[],
  number: number,
): Promise<boolean> {
  if (!executable.undo) return false;
  await executable.undo();
  for (const { inputs } of group.slice(0, number)) await executable.run(inputs);
  return true;
}

function sameShapes(a: NdArrays, b: NdArrays): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => a[name]?.dtype === b[name]?.dtype && a[name]?.shape.join() === b[name]?.shape.join())
  );
}
