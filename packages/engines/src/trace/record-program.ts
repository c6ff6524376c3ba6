import * as tf from '@tensorflow/tfjs-core';
import { KindredError, type DType, type NamedTensors, type Program } from '@kindred/core';

import { graphOf, type Graph, type Value } from '../onnx/graph.js';
import type { OnnxType } from '../onnx/types.js';

import { explained } from './explained.js';
import { describeInputs, type InputSpecs } from './input-specs.js';
import { withHostGuards } from './host-guards.js';
import { BACKEND, traceBackend } from './register.js';
import { SymbolicTensor, type SymbolicType } from './symbolic-tensor.js';
import type { TraceBackend } from './trace-backend.js';
import { Trace } from './trace.js';
import { withBackend } from './with-backend.js';

/** Names in a graph's file: a program may use one name for an input, a variable and an output. */
export const graphName = {
  input: (name: string) => `input:${name}`,
  variable: (name: string) => `variable:${name}`,
  output: (name: string) => `output:${name}`,
  /** The value a variable has after the run. */
  update: (name: string) => `update:${name}`,
};

export interface RecordedProgram {
  readonly graph: Graph;
  /** The inputs that outputs depend on. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** The variables that outputs or updates depend on. */
  readonly reads: readonly string[];
  /** The variables that a run changes. */
  readonly updates: readonly string[];
  /** Set where sums of 8-bit products need more bits than this processor gives them by itself. */
  readonly wideProducts?: boolean;
}

/**
 * Runs `program` once, symbolically, and returns the graph of what it computes for inputs of these shapes.
 * @throws KINDRED_ENGINE_INPUT, KINDRED_ENGINE_KERNEL, KINDRED_ENGINE_DATA_DEPENDENT, KINDRED_ENGINE_VARIABLE,
 *   KINDRED_ENGINE_RANDOM, KINDRED_ENGINE_COMPILE
 */
export function recordProgram(program: Program, inputs: InputSpecs): RecordedProgram {
  const backend = traceBackend();
  const trace = new Trace(program.name);
  const outputs = new Map<string, Value>();
  withBackend(backend, trace, () => {
    try {
      const { results, changed } = runSymbolically(backend, trace, program, inputs);
      for (const [name, tensor] of results) outputs.set(graphName.output(name), trace.emit.plain(tensor));
      for (const [name, tensor] of changed) outputs.set(graphName.update(name), stored(trace, program, name, tensor));
    } catch (error) {
      throw explained(error, program, inputs);
    }
  });
  const graph = graphOf(
    program.name,
    [...outputs].map(([name, value]) => ({ name, value })),
  );
  const among = (names: readonly string[], of: (name: string) => string, used: ReadonlySet<string>) =>
    names.filter((name) => used.has(of(name)));
  const used = new Set(graph.inputs.map(({ source }) => (source.kind === 'input' ? source.name : '')));
  const variables = Object.keys(program.variables ?? {});
  return {
    graph,
    inputs: among(Object.keys(inputs), graphName.input, used),
    reads: among(variables, graphName.variable, used),
    updates: variables.filter((name) => outputs.has(graphName.update(name))),
    outputs: [...outputs.keys()].filter((name) => name.startsWith('output:')).map((name) => name.slice(7)),
  };
}

type Named = [name: string, tensor: SymbolicTensor][];

function runSymbolically(
  backend: TraceBackend,
  trace: Trace,
  program: Program,
  inputs: InputSpecs,
): { results: Named; changed: Named } {
  const own: tf.Variable[] = [];
  const results: Named = [];
  const changed: Named = [];
  try {
    tf.tidy(() => {
      const tensor = (symbol: SymbolicTensor) => tf.engine().makeTensorFromTensorInfo(backend.hold(symbol));
      const placeholder = (name: string, dtype: DType, shape: readonly number[]) =>
        tensor(input(trace, name, dtype, shape));
      const variables = Object.entries(program.variables ?? {}).map(([name, { dtype, shape }]) => {
        const initial = placeholder(graphName.variable(name), dtype, shape);
        const variable = tf.variable(initial, true, `${BACKEND}/${nextVariable++}/${name}`);
        own.push(variable);
        return { name, variable, before: variable.dataId };
      });
      const given = {
        inputs: strict(
          program,
          inputs,
          mapEntries(inputs, (name, { dtype, shape }) => placeholder(graphName.input(name), dtype, shape)),
        ),
        constants: mapEntries(program.constants ?? {}, (_, { data, shape, dtype }) =>
          tensor(trace.constant(data as Float32Array, shape, dtype === 'uint8' ? 'int32' : dtype)),
        ),
        variables: Object.fromEntries(variables.map(({ name, variable }) => [name, variable])),
      };
      const returned = withHostGuards(program.name, new Set(own), () => program.run(given));
      for (const [name, output] of Object.entries(checked(program, returned)))
        results.push([name, backend.symbol(output)]);
      for (const { name, variable, before } of variables) {
        if (variable.dataId !== before) changed.push([name, backend.symbol(variable)]);
      }
    });
  } finally {
    for (const variable of own) variable.dispose();
  }
  return { results, changed };
}

let nextVariable = 0;

/** A graph input; uint8 is widened at once because tfjs has no such type. */
function input(trace: Trace, name: string, dtype: DType, shape: readonly number[]): SymbolicTensor {
  const value = trace.emit.input(name, dtype, shape);
  const type: SymbolicType = dtype === 'uint8' ? 'int32' : dtype;
  return new SymbolicTensor(shape, type, trace.emit.cast(value, type));
}

/** A variable's new value, in the type it is kept in. */
function stored(trace: Trace, program: Program, name: string, tensor: SymbolicTensor): Value {
  const type: OnnxType = program.variables?.[name]?.dtype ?? tensor.dtype;
  return trace.emit.cast(trace.emit.plain(tensor), type);
}

function mapEntries<T, R>(record: Readonly<Record<string, T>>, map: (name: string, item: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([name, item]) => [name, map(name, item)]));
}

/** Makes a missing input an error that names it, not an undefined somewhere inside of tfjs. */
function strict(program: Program, specs: InputSpecs, tensors: Record<string, tf.Tensor>): NamedTensors {
  return new Proxy(tensors, {
    get(target, name) {
      if (typeof name !== 'string' || name in target) return Reflect.get(target, name) as tf.Tensor;
      throw new KindredError('KINDRED_ENGINE_INPUT', {
        message: `The program ${program.name} must be given the input "${name}". Got ${describeInputs(specs)}.`,
        received: Object.keys(specs),
      });
    },
  });
}

function checked(program: Program, returned: unknown): NamedTensors {
  const valid =
    typeof returned === 'object' && returned !== null && Object.values(returned).every((o) => o instanceof tf.Tensor);
  if (valid) return returned as NamedTensors;
  throw new KindredError('KINDRED_ENGINE_COMPILE', {
    message: `The program ${program.name} must return its outputs as an object of tensors. Got ${String(returned)}.`,
    hint: 'Return { name: tensor }, at once and not as a promise.',
  });
}
