import protobuf from 'protobufjs/minimal.js';

/*
 * Writes ONNX files as hostile as a test wants them: nothing is checked. Field numbers are those of onnx.proto.
 */

export const cat = (...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.concat(parts));

const written = (write: (writer: protobuf.Writer) => void): Uint8Array => {
  const writer = protobuf.Writer.create();
  write(writer);
  return writer.finish();
};

/** A field of text, bytes or a message. */
export const text = (field: number, value: string | Uint8Array): Uint8Array =>
  written((writer) => writer.uint32((field << 3) | 2).bytes(typeof value === 'string' ? Buffer.from(value) : value));

export const int = (field: number, value: number): Uint8Array =>
  written((writer) => writer.uint32(field << 3).int64(value));

export const float = (field: number, value: number): Uint8Array =>
  written((writer) => writer.uint32((field << 3) | 5).float(value));

export function node(
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes = cat(),
  domain = '',
): Uint8Array {
  const names = [...inputs.map((name) => text(1, name)), ...outputs.map((name) => text(2, name))];
  return cat(...names, text(4, op), attributes, text(7, domain));
}

export const attribute = (
  name: string,
  value: { readonly int: number } | { readonly graph: Uint8Array },
): Uint8Array<ArrayBuffer> =>
  cat(
    text(
      5,
      'int' in value
        ? cat(text(1, name), int(20, 2), int(3, value.int))
        : cat(text(1, name), int(20, 5), text(6, value.graph)),
    ),
  );

export function tensor(
  name: string,
  type: number,
  dims: readonly number[],
  raw: Uint8Array | undefined,
  external: Readonly<Record<string, string>> = {},
): Uint8Array {
  const entries = Object.entries(external).map(([key, value]) => text(13, cat(text(1, key), text(2, value))));
  return cat(
    ...dims.map((size) => int(1, size)),
    int(2, type),
    text(8, name),
    raw ? text(9, raw) : cat(),
    ...entries,
    entries.length > 0 ? int(14, 1) : cat(),
  );
}

export function valueInfo(name: string, type: number, shape: readonly (number | string)[] | undefined): Uint8Array {
  const dimensions = shape?.map((size) => text(1, typeof size === 'number' ? int(1, size) : text(2, size)));
  const tensorType = cat(int(1, type), dimensions ? text(2, cat(...dimensions)) : cat());
  return cat(text(1, name), text(2, text(1, tensorType)));
}

export function graph(parts: {
  readonly nodes: readonly Uint8Array[];
  readonly initializers?: readonly Uint8Array[];
  readonly inputs: readonly Uint8Array[];
  readonly outputs: readonly Uint8Array[];
}): Uint8Array {
  const { nodes, initializers = [], inputs, outputs } = parts;
  const fields = (field: number, items: readonly Uint8Array[]) => items.map((item) => text(field, item));
  return cat(
    ...fields(1, nodes),
    text(2, 'g'),
    ...fields(5, initializers),
    ...fields(11, inputs),
    ...fields(12, outputs),
  );
}

export function model(
  content: Uint8Array | undefined,
  { irVersion = 10, opsets = [['', 21]] }: { irVersion?: number; opsets?: readonly [string, number][] } = {},
): Uint8Array<ArrayBuffer> {
  const imports = opsets.map(([domain, version]) => text(8, cat(text(1, domain), int(2, version))));
  return cat(int(1, irVersion), ...imports, content ? text(7, content) : cat());
}
