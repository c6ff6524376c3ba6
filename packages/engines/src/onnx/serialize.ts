import protobuf from 'protobufjs/minimal.js';

import { writeElements } from './constant.js';
import type { Attribute, Graph, Node, Value, ValueInfo } from './graph.js';
import { BYTES, TYPE_CODES } from './types.js';

/*
 * Field numbers and enumerations of onnx.proto, https://github.com/onnx/onnx/blob/main/onnx/onnx.proto. Messages are
 * written field by field; the initializers' data, which may be 100 MB, is copied once, into its place in the result.
 */
const IR_VERSION = 10;
const OPSET = 21;
const VARINT = 0;
const BYTES_FIELD = 2;
const FIXED32 = 5;

const tag = (field: number, wire: number): number => (field << 3) | wire;

interface Piece {
  readonly length: number;
  write(target: Uint8Array): void;
}

/** The ModelProto of `graph` in a buffer of its own, ready to be handed to another thread. */
export function serialize(graph: Graph): Uint8Array<ArrayBuffer> {
  const nodes = encode((writer) => {
    writer.uint32(tag(2, BYTES_FIELD)).string(graph.name);
    for (const node of graph.nodes) message(writer, 1, (inner) => writeNode(inner, node));
    for (const input of graph.inputs) message(writer, 11, (inner) => writeValueInfo(inner, nameOf(input), input));
    for (const { name, value } of graph.outputs) message(writer, 12, (inner) => writeValueInfo(inner, name, value));
    for (const { name, value } of graph.outputs) message(writer, 1, (inner) => writeOutput(inner, name, value));
  });
  const body = [nodes, ...graph.constants.flatMap(initializer)];
  const header = encode((writer) => {
    writer.uint32(tag(1, VARINT)).int64(IR_VERSION);
    writer.uint32(tag(2, BYTES_FIELD)).string('kindred');
    for (const [domain, version] of [['', OPSET] as const, ['com.microsoft', 1] as const]) {
      message(writer, 8, (inner) => {
        inner.uint32(tag(1, BYTES_FIELD)).string(domain);
        inner.uint32(tag(2, VARINT)).int64(version);
      });
    }
    writer.uint32(tag(7, BYTES_FIELD)).uint32(lengthOf(body));
  });
  return join([header, ...body]);
}

/** Outputs get names of their own, so that no inner value has to be renamed. */
function writeOutput(writer: protobuf.Writer, name: string, value: Value): void {
  writer.uint32(tag(1, BYTES_FIELD)).string(nameOf(value));
  writer.uint32(tag(2, BYTES_FIELD)).string(name);
  writer.uint32(tag(4, BYTES_FIELD)).string('Identity');
}

function writeNode(writer: protobuf.Writer, node: Node): void {
  for (const input of node.inputs) writer.uint32(tag(1, BYTES_FIELD)).string(input ? nameOf(input) : '');
  for (const output of node.outputs) writer.uint32(tag(2, BYTES_FIELD)).string(nameOf(output));
  writer.uint32(tag(3, BYTES_FIELD)).string(`${node.op}_${node.id}`);
  writer.uint32(tag(4, BYTES_FIELD)).string(node.op);
  for (const [name, attribute] of Object.entries(node.attributes)) {
    message(writer, 5, (inner) => writeAttribute(inner, name, attribute));
  }
  if (node.domain) writer.uint32(tag(7, BYTES_FIELD)).string(node.domain);
}

function writeAttribute(writer: protobuf.Writer, name: string, attribute: Attribute): void {
  writer.uint32(tag(1, BYTES_FIELD)).string(name);
  const type = (code: number) => writer.uint32(tag(20, VARINT)).int32(code);
  if ('float' in attribute) type(1).uint32(tag(2, FIXED32)).float(attribute.float);
  else if ('int' in attribute) type(2).uint32(tag(3, VARINT)).int64(attribute.int);
  else if ('string' in attribute) type(3).uint32(tag(4, BYTES_FIELD)).string(attribute.string);
  else {
    type(7);
    for (const value of attribute.ints) writer.uint32(tag(8, VARINT)).int64(value);
  }
}

function writeValueInfo(writer: protobuf.Writer, name: string, { type, shape }: ValueInfo): void {
  writer.uint32(tag(1, BYTES_FIELD)).string(name);
  message(writer, 2, (typeProto) =>
    message(typeProto, 1, (tensorType) => {
      tensorType.uint32(tag(1, VARINT)).int32(TYPE_CODES[type]);
      message(tensorType, 2, (shapeProto) => {
        for (const size of shape) message(shapeProto, 1, (dim) => dim.uint32(tag(1, VARINT)).int64(size));
      });
    }),
  );
}

/** A TensorProto as field 5 of the graph: a few bytes of header, then the raw data. */
function initializer(value: Value): Piece[] {
  if (value.source.kind !== 'constant') return [];
  const { constant } = value.source;
  const size = value.shape.reduce((product, dimension) => product * dimension, 1);
  const data: Piece = {
    length: size * BYTES[value.type],
    write: (target) => writeElements(constant, value.type, size, target),
  };
  const header = encode((writer) => {
    for (const dimension of value.shape) writer.uint32(tag(1, VARINT)).int64(dimension);
    writer.uint32(tag(2, VARINT)).int32(TYPE_CODES[value.type]);
    writer.uint32(tag(8, BYTES_FIELD)).string(nameOf(value));
    writer.uint32(tag(9, BYTES_FIELD)).uint32(data.length);
  });
  const start = encode((writer) => writer.uint32(tag(5, BYTES_FIELD)).uint32(header.length + data.length));
  return [start, header, data];
}

function nameOf(value: Value): string {
  return value.source.kind === 'input' ? value.source.name : `v${value.id}`;
}

function message(writer: protobuf.Writer, field: number, write: (inner: protobuf.Writer) => void): void {
  writer.uint32(tag(field, BYTES_FIELD)).fork();
  write(writer);
  writer.ldelim();
}

function encode(write: (writer: protobuf.Writer) => void): Piece {
  const writer = protobuf.Writer.create();
  write(writer);
  const bytes = writer.finish();
  return { length: bytes.length, write: (target) => target.set(bytes) };
}

const lengthOf = (pieces: readonly Piece[]): number => pieces.reduce((sum, piece) => sum + piece.length, 0);

function join(pieces: readonly Piece[]): Uint8Array<ArrayBuffer> {
  const target = new Uint8Array(lengthOf(pieces));
  let offset = 0;
  for (const piece of pieces) {
    piece.write(target.subarray(offset, offset + piece.length));
    offset += piece.length;
  }
  return target;
}
