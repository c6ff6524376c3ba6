import type { NamedTensors, NdArrays, Program } from '@kindred/core';

/** Names of one run among several: `2/images`. */
const inRun = (run: number, name: string) => `${run}/${name}`;

function ofRun<T>(run: number, values: Readonly<Record<string, T>>): Record<string, T> {
  const prefix = inRun(run, '');
  const own = Object.entries(values).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length), value]));
}

function named<T>(run: number, values: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [inRun(run, name), value]));
}

/**
 * Several runs of a program, one after another, as one program: as many as it is given inputs for. What the variables are in between
 * never leaves the native session.
 */
export function repeated(program: Program): Program {
  const { name, constants, variables } = program;
  return {
    name: `${name} (repeated)`,
    ...(constants && { constants }),
    ...(variables && { variables }),
    run({ inputs, constants, variables }) {
      const outputs: NamedTensors[] = [];
      for (let run = 0; ; run++) {
        const own = ofRun(run, inputs);
        if (Object.keys(own).length === 0) break;
        outputs.push(named(run, program.run({ inputs: own, constants, variables })));
      }
      return Object.assign({}, ...outputs) as NamedTensors;
    },
  };
}

/** The inputs of a repeated program, from those of each run. */
export function joinRuns(inputs: readonly NdArrays[]): NdArrays {
  return Object.assign({}, ...inputs.map((arrays, run) => named(run, arrays))) as NdArrays;
}

/** The outputs of each run, from those of a repeated program. */
export function splitRuns(outputs: NdArrays, runs: number): readonly NdArrays[] {
  return Array.from({ length: runs }, (_, run) => ofRun(run, outputs));
}
