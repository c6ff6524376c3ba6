import { type Constant, writeElements } from './constant.js';
import type { Attribute, Graph, Node, Value, ValueInfo } from './graph.js';
import {
  BYTES,
  encode,
  FIXED32,
  join,
  lengthOf,
  message,
  type Piece,
  tag,
  text,
  VARINT,
  varints,
  type Writer,
} from './protobuf.js';
import { bytesOf, ELEMENT_BYTES, TYPE_CODES } from './types.js';

/*
 * Field numbers and enumerations of onnx.proto, https://github.com/onnx/onnx/blob/main/onnx/onnx.proto. Messages are
 * written field by field; the initializers' data, which may be 100 MB, is copied once, into its place in the result.
 */
const IR_VERSION = 10;
const OPSET = 21;
const DOMAINS = [
  { domain: '', version: OPSET },
  // Classical machine learning: ensembles of trees.
  { domain: 'ai.onnx.ml', version: 3 },
  { domain: 'com.microsoft', version: 1 },
  // onnxruntime's internal operators on blocked images.
  { domain: 'com.microsoft.nchwc', version: 1 },
];

/** Arrays of one repeated number are written out up to this length; longer ones are made where the model runs. */
const LONGEST_FILL = 256;

/** The ModelProto of `graph` in a buffer of its own, ready to be handed to another thread. */
export function serialize(graph: Graph): Uint8Array<ArrayBuffer> {
  const names = nameValues(graph);
  const nodes = encode((writer) => {
    text(writer, 2, graph.name);
    for (const value of graph.constants.filter(isLongFill))
      message(writer, 1, (inner) => writeFill(inner, names(value)));
    for (const node of graph.nodes) message(writer, 1, (inner) => writeNode(inner, node, names));
    for (const output of graph.outputs) {
      if (names(output.value) === output.name) continue;
      message(writer, 1, (inner) => writeSimpleNode(inner, 'Identity', [names(output.value)], output.name));
    }
    for (const input of graph.inputs) message(writer, 11, (inner) => writeValueInfo(inner, names(input), input));
    for (const { name, value } of graph.outputs) message(writer, 12, (inner) => writeValueInfo(inner, name, value));
  });
  const body = [nodes];
  for (const value of graph.constants) body.push(...initializers(names(value), value, lengthOf(body)));
  const header = encode((writer) => {
    writer.uint32(tag(1, VARINT)).int64(IR_VERSION);
    text(writer, 2, 'kindred');
    for (const { domain, version } of DOMAINS) {
      message(writer, 8, (inner) => {
        text(inner, 1, domain);
        inner.uint32(tag(2, VARINT)).int64(version);
      });
    }
    writer.uint32(tag(7, BYTES)).uint32(lengthOf(body));
  });
  return join([header, ...body], header.length);
}

type Names = (value: Value) => string;

/**
 * A value made by a node takes the name of the output it becomes. Inputs and constants keep theirs and are copied, as is
 * what becomes several outputs: copies of large weights cost time in each training step.
 */
function nameValues(graph: Graph): Names {
  const taken = new Map<Value, string>();
  for (const { name, value } of graph.outputs) {
    if (value.source.kind === 'node' && !taken.has(value)) taken.set(value, name);
  }
  return (value) => taken.get(value) ?? (value.source.kind === 'input' ? value.source.name : `v${value.id}`);
}

function writeNode(writer: Writer, node: Node, names: Names): void {
  for (const input of node.inputs) text(writer, 1, input ? names(input) : '');
  for (const output of node.outputs) text(writer, 2, names(output));
  text(writer, 3, `${node.op}_${node.id}`);
  text(writer, 4, node.op);
  for (const [name, attribute] of Object.entries(node.attributes)) {
    message(writer, 5, (inner) => writeAttribute(inner, name, attribute));
  }
  if (node.domain) text(writer, 7, node.domain);
}

function writeSimpleNode(writer: Writer, op: string, inputs: readonly string[], output: string): void {
  for (const input of inputs) text(writer, 1, input);
  text(writer, 2, output);
  text(writer, 4, op);
}

function writeAttribute(writer: Writer, name: string, attribute: Attribute): void {
  text(writer, 1, name);
  const type = (code: number) => writer.uint32(tag(20, VARINT)).int32(code);
  if ('float' in attribute) type(1).uint32(tag(2, FIXED32)).float(attribute.float);
  else if ('int' in attribute) type(2).uint32(tag(3, VARINT)).int64(attribute.int);
  else if ('string' in attribute) type(3).uint32(tag(4, BYTES)).string(attribute.string);
  else if ('strings' in attribute) {
    type(8);
    for (const value of attribute.strings) text(writer, 9, value);
  } else if ('numbers' in attribute) {
    // Packed: readers of protocol buffers take a repeated number in this way too, which takes a fraction of the memory to write.
    const { numbers } = attribute;
    if (numbers instanceof Float32Array) type(6).uint32(tag(7, BYTES)).bytes(bytesOf(numbers));
    else type(7).uint32(tag(8, BYTES)).bytes(varints(numbers));
  } else {
    type(7);
    for (const value of attribute.ints) writer.uint32(tag(8, VARINT)).int64(value);
  }
}

function writeValueInfo(writer: Writer, name: string, { type, shape }: ValueInfo): void {
  text(writer, 1, name);
  message(writer, 2, (typeProto) =>
    message(typeProto, 1, (tensorType) => {
      tensorType.uint32(tag(1, VARINT)).int32(TYPE_CODES[type]);
      message(tensorType, 2, (shapeProto) => {
        for (const size of shape) message(shapeProto, 1, (dim) => dim.uint32(tag(1, VARINT)).int64(size));
      });
    }),
  );
}

function isLongFill(value: Value): boolean {
  return value.source.kind === 'constant' && value.source.constant.kind === 'fill' && sizeOf(value) > LONGEST_FILL;
}

const writeFill = (writer: Writer, name: string): void =>
  writeSimpleNode(writer, 'Expand', [`${name}.value`, `${name}.shape`], name);

/** @param offset where they begin in the graph */
function initializers(name: string, value: Value, offset: number): Piece[] {
  if (value.source.kind !== 'constant') return [];
  const { constant } = value.source;
  if (!isLongFill(value)) return initializer(name, value, constant, offset);
  const shape = BigInt64Array.from(value.shape, BigInt);
  return [
    ...initializer(`${name}.value`, { type: value.type, shape: [] }, constant),
    ...initializer(`${name}.shape`, { type: 'int64', shape: [shape.length] }, { kind: 'dense', data: shape }),
  ];
}

/** Documentation of a tensor by which its data begins where a number may: as many bytes as are missing, at least two. */
const FILLERS = [0, 2, 3, 4, 5, 6, 7, 8, 9];

/** A TensorProto as field 5 of the graph: a few bytes of header, then the raw data, aligned if `offset` is given. */
function initializer(name: string, info: ValueInfo, constant: Constant, offset?: number): Piece[] {
  const size = sizeOf(info);
  const bytes = ELEMENT_BYTES[info.type];
  const data: Piece = {
    length: size * bytes,
    write: (target) => writeElements(constant, info.type, size, target),
  };
  const header = (filler: number) =>
    encode((writer) => {
      for (const dimension of info.shape) writer.uint32(tag(1, VARINT)).int64(dimension);
      writer.uint32(tag(2, VARINT)).int32(TYPE_CODES[info.type]);
      text(writer, 8, name);
      if (filler > 0) text(writer, 12, ' '.repeat(filler - 2));
      writer.uint32(tag(9, BYTES)).uint32(data.length);
    });
  const pieces = (filler: number): Piece[] => {
    const fields = header(filler);
    const start = encode((writer) => writer.uint32(tag(5, BYTES)).uint32(fields.length + data.length));
    return [start, fields, data];
  };
  if (offset === undefined) return pieces(0);
  for (const filler of FILLERS) {
    const made = pieces(filler);
    if ((offset + lengthOf(made) - data.length) % bytes === 0) return made;
  }
  return pieces(0);
}

const sizeOf = ({ shape }: ValueInfo): number => shape.reduce((size, dimension) => size * dimension, 1);
