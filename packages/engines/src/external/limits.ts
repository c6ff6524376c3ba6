/** What no honest model for images comes near. */
export const LIMITS = {
  /** Protocol buffers end there. */
  bytes: 2 ** 31 - 1,
  /** Of the file and its external data together. */
  totalBytes: 8 * 2 ** 30,
  nodes: 100_000,
  initializers: 100_000,
  /** Graphs inside of graphs: the bodies of Loop, If and Scan. */
  depth: 8,
  rank: 16,
  /** Inputs, outputs, and dimensions' names. */
  name: 4096,
} as const;

/** Versions of the standard operators: older ones mean other things by the same names, newer ones are not known to onnxruntime. */
export const OPSETS = { from: 7, to: 26 } as const;
/** Of the file format itself. */
export const IR_VERSIONS = { from: 3, to: 13 } as const;
