/** What a model file says, as far as it is checked. Tensors' values are counted, never copied. */
export interface OnnxFile {
  readonly irVersion: number;
  readonly opsets: readonly { readonly domain: string; readonly version: number }[];
  readonly graph: FileGraph | undefined;
  /** Functions and training graphs that the file defines for itself. */
  readonly functions: number;
  readonly trainingGraphs: number;
}

export interface FileGraph {
  readonly nodes: readonly FileNode[];
  readonly initializers: readonly FileTensor[];
  readonly sparseInitializers: number;
  readonly inputs: readonly FileValue[];
  readonly outputs: readonly FileValue[];
}

export interface FileNode {
  readonly name: string;
  readonly op: string;
  /** Empty for the standard operators. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** The values of its attributes that can hold others. */
  readonly graphs: readonly FileGraph[];
  readonly tensors: readonly FileTensor[];
  readonly sparseTensors: number;
}

export interface FileTensor {
  readonly name: string;
  /** `TensorProto.DataType` */
  readonly type: number;
  readonly dims: readonly number[];
  /** Bytes of raw data; undefined if there are none in the file. */
  readonly rawBytes: number | undefined;
  /** Numbers or strings in the fields for single types, by field number. */
  readonly counts: ReadonlyMap<number, number>;
  /** Set if the values lie in another file. */
  readonly external: ReadonlyMap<string, string> | undefined;
}

/** An input or output of the graph. */
export interface FileValue {
  readonly name: string;
  /** `TensorProto.DataType`; undefined if it is no tensor (a sequence, a map), or the file does not say. */
  readonly type: number | undefined;
  /** Undefined if the file does not say. Dimensions without a size have a name, which may be empty. */
  readonly shape: readonly (number | string)[] | undefined;
}
