import protobuf from 'protobufjs/minimal.js';

import { LIMITS } from './limits.js';
import { Flaw } from './model-error.js';
import type { FileGraph, FileNode, FileTensor, FileValue, OnnxFile } from './onnx-file.js';
import { countField, integerField, messageField, readMessage, sizeField, textField } from './proto-reader.js';

type Reader = protobuf.Reader;

/** Counts over the whole file, so that what is nested is bounded too. */
interface Budget {
  nodes: number;
  initializers: number;
}

/*
 * Field numbers of onnx.proto, https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
 */

/** Reads the structure of a ModelProto. @throws Flaw if it is none, or larger than LIMITS. */
export function parseModel(bytes: Uint8Array): OnnxFile {
  try {
    return readModel(bytes);
  } catch (error) {
    if (error instanceof Flaw) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Flaw('be a whole file in the ONNX format', `it cannot be read, since ${reason}`);
  }
}

function readModel(bytes: Uint8Array): OnnxFile {
  const reader = protobuf.Reader.create(bytes);
  const budget: Budget = { nodes: 0, initializers: 0 };
  const opsets: { domain: string; version: number }[] = [];
  let [irVersion, functions, trainingGraphs] = [0, 0, 0];
  let graph: FileGraph | undefined;
  readMessage(reader, reader.len, {
    1: integerField((value) => (irVersion = value)),
    7: messageField((inner, end) => {
      // Parsers of protocol buffers join messages that come twice: nobody would check what comes out of that.
      if (graph) throw new Flaw('hold one graph', 'it holds several');
      graph = readGraph(inner, end, budget, 1);
    }),
    8: messageField((inner, end) => opsets.push(readOpset(inner, end))),
    20: sizeField(() => trainingGraphs++),
    25: sizeField(() => functions++),
  });
  return { irVersion, opsets, graph, functions, trainingGraphs };
}

function readOpset(reader: Reader, end: number): { domain: string; version: number } {
  const opset = { domain: '', version: 0 };
  readMessage(reader, end, {
    1: textField((text) => (opset.domain = text)),
    2: integerField((value) => (opset.version = value)),
  });
  return opset;
}

function readGraph(reader: Reader, end: number, budget: Budget, depth: number): FileGraph {
  if (depth > LIMITS.depth) throw new Flaw(`nest graphs at most ${LIMITS.depth} deep`, 'it nests them deeper');
  const nodes: FileNode[] = [];
  const initializers: FileTensor[] = [];
  const inputs: FileValue[] = [];
  const outputs: FileValue[] = [];
  let sparseInitializers = 0;
  readMessage(reader, end, {
    1: messageField((inner, innerEnd) => {
      if (++budget.nodes > LIMITS.nodes) throw tooMany('nodes', LIMITS.nodes);
      nodes.push(readNode(inner, innerEnd, budget, depth));
    }),
    5: messageField((inner, innerEnd) => {
      if (++budget.initializers > LIMITS.initializers) throw tooMany('initializers', LIMITS.initializers);
      initializers.push(readTensor(inner, innerEnd));
    }),
    11: messageField((inner, innerEnd) => inputs.push(readValue(inner, innerEnd))),
    12: messageField((inner, innerEnd) => outputs.push(readValue(inner, innerEnd))),
    15: sizeField(() => sparseInitializers++),
  });
  return { nodes, initializers, sparseInitializers, inputs, outputs };
}

function readNode(reader: Reader, end: number, budget: Budget, depth: number): FileNode {
  const node = { name: '', op: '', domain: '', sparseTensors: 0 };
  const inputs: string[] = [];
  const outputs: string[] = [];
  const graphs: FileGraph[] = [];
  const tensors: FileTensor[] = [];
  const attribute = {
    5: messageField((inner: Reader, innerEnd: number) => tensors.push(readTensor(inner, innerEnd))),
    6: messageField((inner: Reader, innerEnd: number) => graphs.push(readGraph(inner, innerEnd, budget, depth + 1))),
    22: sizeField(() => node.sparseTensors++),
    23: sizeField(() => node.sparseTensors++),
  };
  readMessage(reader, end, {
    1: textField((text) => inputs.push(text)),
    2: textField((text) => outputs.push(text)),
    3: textField((text) => (node.name = text)),
    4: textField((text) => (node.op = text)),
    // 10 and 11 are the lists of what 5 and 6 hold one of.
    5: messageField((inner, innerEnd) =>
      readMessage(inner, innerEnd, { ...attribute, 10: attribute[5], 11: attribute[6] }),
    ),
    7: textField((text) => (node.domain = text)),
  });
  return { ...node, inputs, outputs, graphs, tensors };
}

function readTensor(reader: Reader, end: number): FileTensor {
  const dims: number[] = [];
  const counts = new Map<number, number>();
  const external = new Map<string, string>();
  const tensor = { name: '', type: 0, rawBytes: undefined as number | undefined };
  let location = 0;
  const counting = (field: number, width: number) =>
    countField(width, (count) => counts.set(field, (counts.get(field) ?? 0) + count));
  readMessage(reader, end, {
    1: integerField((value) => dims.push(value)),
    2: integerField((value) => (tensor.type = value)),
    4: counting(4, 4),
    5: counting(5, 0),
    6: sizeField(() => counts.set(6, (counts.get(6) ?? 0) + 1)),
    7: counting(7, 0),
    8: textField((text) => (tensor.name = text)),
    9: sizeField((bytes) => (tensor.rawBytes = bytes)),
    10: counting(10, 8),
    11: counting(11, 0),
    13: messageField((inner, innerEnd) => readEntry(inner, innerEnd, external)),
    14: integerField((value) => (location = value)),
  });
  return { ...tensor, dims, counts, external: location === 1 || external.size > 0 ? external : undefined };
}

function readEntry(reader: Reader, end: number, entries: Map<string, string>): void {
  let [key, value] = ['', ''];
  readMessage(reader, end, {
    1: textField((text) => (key = text)),
    2: textField((text) => (value = text)),
  });
  entries.set(key, value);
}

function readValue(reader: Reader, end: number): FileValue {
  let name = '';
  let type: number | undefined;
  let shape: (number | string)[] | undefined;
  const dimension = messageField((inner, innerEnd) => {
    let size: number | string = '';
    readMessage(inner, innerEnd, {
      1: integerField((value) => (size = value)),
      2: textField((text) => (size = text)),
    });
    shape?.push(size);
  });
  const tensorType = messageField((inner, innerEnd) =>
    readMessage(inner, innerEnd, {
      1: integerField((value) => (type = value)),
      2: messageField((dims, dimsEnd) => {
        shape = [];
        readMessage(dims, dimsEnd, { 1: dimension });
      }),
    }),
  );
  readMessage(reader, end, {
    1: textField((text) => (name = text)),
    2: messageField((inner, innerEnd) => readMessage(inner, innerEnd, { 1: tensorType })),
  });
  return { name, type, shape };
}

const tooMany = (what: string, limit: number) => new Flaw(`hold at most ${limit} ${what}`, `it holds more ${what}`);
