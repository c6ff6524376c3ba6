import { checkDims, checkTensor } from './check-tensor.js';
import { LIMITS } from './limits.js';
import { Flaw } from './model-error.js';
import type { FileGraph, FileNode, FileTensor, FileValue } from './onnx-file.js';
import { OPERATORS, plainDomain } from './operators.js';

/** What is added up over all graphs of a file. */
export interface Totals {
  bytes: number;
  readonly external: { readonly tensor: FileTensor; readonly bytes: number }[];
}

interface Surroundings {
  /** Domains of operators that the file imports. */
  readonly domains: ReadonlySet<string>;
  readonly totals: Totals;
  /** Values of the graphs around this one, which it may use. */
  readonly outer: ReadonlySet<string>;
  /** For messages. */
  readonly where: string;
}

/**
 * Checks that every value of a graph is made once and before it is used, so that there is neither a gap nor a circle; and every
 * operator and tensor.
 * @throws Flaw
 */
export function checkGraph(graph: FileGraph, surroundings: Surroundings): void {
  const { outer, totals, where } = surroundings;
  if (graph.sparseInitializers > 0) throw new Flaw('hold dense tensors', `${where} has sparse ones`);
  const known = new Set(outer);
  const own = new Set<string>();
  const define = (name: string, what: string) => {
    if (own.has(name)) throw new Flaw('make each value once', `${what} makes "${name}" again`);
    own.add(name);
    known.add(name);
  };

  for (const input of graph.inputs) {
    checkValue(input, `an input of ${where}`);
    define(input.name, where);
  }
  for (const tensor of graph.initializers) {
    count(totals, tensor, where);
    // An input may have an initializer as its default.
    if (!own.has(tensor.name)) define(tensor.name, where);
  }
  const tensors = new Set<string>();
  for (const { name } of graph.initializers) {
    if (tensors.has(name)) throw new Flaw('make each value once', `${where} has two tensors "${name}"`);
    tensors.add(name);
  }
  for (const node of graph.nodes) {
    const what = nameOf(node, where);
    checkOperator(node, surroundings.domains, what);
    const missing = node.inputs.find((name) => name !== '' && !known.has(name));
    if (missing !== undefined) {
      throw new Flaw('make every value before it is used', `${what} uses "${missing}", which nothing before it makes`);
    }
    for (const tensor of node.tensors) count(totals, tensor, what);
    for (const inner of node.graphs)
      checkGraph(inner, { ...surroundings, outer: known, where: `the graph inside of ${what}` });
    for (const name of node.outputs) if (name !== '') define(name, what);
  }
  if (graph.outputs.length === 0) throw new Flaw('give outputs', `${where} gives none`);
  for (const output of graph.outputs) {
    checkValue(output, `an output of ${where}`);
    if (!known.has(output.name)) throw new Flaw('make every output', `nothing in ${where} makes "${output.name}"`);
  }
}

function checkOperator(
  { op, domain: name, sparseTensors }: FileNode,
  domains: ReadonlySet<string>,
  what: string,
): void {
  const domain = plainDomain(name);
  if (sparseTensors > 0) throw new Flaw('hold dense tensors', `${what} has a sparse one`);
  if (!OPERATORS.get(domain)?.has(op)) {
    throw new Flaw(
      'use known operators',
      `${what} is ${domain === '' ? op : `${domain}.${op}`}`,
      'Export it with standard operators for numbers alone.',
    );
  }
  if (!domains.has(domain)) throw new Flaw('import the operators that it uses', `${what} is of "${domain}"`);
}

function checkValue({ name, shape }: FileValue, what: string): void {
  if (name === '' || name.length > LIMITS.name)
    throw new Flaw('name its inputs and outputs', `${what} has ${name.length} characters`);
  const named = shape?.filter((size) => typeof size === 'string') ?? [];
  if (named.some((text) => text.length > LIMITS.name))
    throw new Flaw('name its dimensions', `${what} has a longer name`);
  checkDims(shape?.map((size) => (typeof size === 'number' ? size : 0)) ?? [], `${what}, "${name}",`);
}

function count(totals: Totals, tensor: FileTensor, where: string): void {
  const bytes = checkTensor(tensor, where);
  totals.bytes += bytes;
  if (tensor.external) totals.external.push({ tensor, bytes });
}

const nameOf = ({ name, op }: FileNode, where: string) => `the node ${name === '' ? op : `"${name}"`} of ${where}`;
