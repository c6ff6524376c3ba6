import type { Value } from '../onnx/graph.js';
import type { Emitter } from '../trace/emitter.js';
import { defineLowering, type Lowering } from '../trace/lowering.js';
import { SymbolicTensor } from '../trace/symbolic-tensor.js';

/** Core's kernel, core/src/tensor/random-uniform.ts: the same numbers, bit by bit. */
const KERNEL = 'KindredRandomUniform';
const GOLDEN_RATIO = 0x9e3779b9;
const INDEX_STRIDE = 0x9e3779b1;

const like = ({ shape }: Value, type: 'int32' | 'uint32') => ({ type, shape });

/** The upper bits xored onto the lower ones. ONNX shifts unsigned numbers only. */
function fold(emit: Emitter, x: Value, bits: number): Value {
  const shift = emit.node('BitShift', [x, emit.scalar(bits, 'uint32')], like(x, 'uint32'), {
    attributes: { direction: { string: 'RIGHT' } },
  });
  return emit.node('BitwiseXor', [x, shift], like(x, 'uint32'));
}

/** Multiplies modulo 2^32. onnxruntime multiplies int32 only, which wraps to the same bits. */
function times(emit: Emitter, x: Value, factor: number): Value {
  const signed = emit.cast(x, 'int32');
  return emit.cast(emit.node('Mul', [signed, emit.scalar(factor | 0, 'int32')], signed), 'uint32');
}

/** Wellons' hash "lowbias32" of int32 bits, as uint32. */
function mix32(emit: Emitter, bits: Value): Value {
  const first = times(emit, fold(emit, emit.cast(bits, 'uint32'), 16), 0x7feb352d);
  return fold(emit, times(emit, fold(emit, first, 15), 0x846ca68b), 16);
}

interface Attrs {
  readonly shape: readonly number[];
  readonly stream: number;
  /** The table of counters that are hashed, each for two numbers. */
  readonly counters: readonly [rows: number, columns: number];
}

export const randomLowerings: readonly Lowering[] = [
  defineLowering<Attrs>()(
    KERNEL,
    { required: ['seed'] },
    ({ emit, inputs: { seed }, attrs: { shape, stream, counters } }) => {
      const size = shape.reduce((product, length) => product * length, 1);
      const [rows, columns] = counters;
      const add = (a: Value, b: Value, sum: readonly number[]) =>
        emit.node('Add', [a, b], { type: 'int32', shape: sum });
      // Places times the stride, as a column plus a row: a constant for each place would be as large as the result.
      const multiples = (length: number, stride: number) => Int32Array.from({ length }, (_, i) => Math.imul(i, stride));
      const row = emit.dense(multiples(columns, INDEX_STRIDE), 'int32', [1, columns]);
      const column = emit.dense(multiples(rows, Math.imul(INDEX_STRIDE, columns)), 'int32', [rows, 1]);

      const keyed = add(emit.reshape(emit.plain(seed), []), emit.scalar(Math.imul(stream, GOLDEN_RATIO), 'int32'), []);
      const key = emit.cast(mix32(emit, keyed), 'int32');
      const bits = mix32(emit, add(add(column, key, [rows, 1]), row, [rows, columns]));
      const lower = emit.node('BitwiseAnd', [bits, emit.scalar(0xffff, 'uint32')], bits);
      const upper = emit.node('BitShift', [bits, emit.scalar(16, 'uint32')], bits, {
        attributes: { direction: { string: 'RIGHT' } },
      });
      const both = { type: 'uint32', shape: [2 * rows, columns] } as const;
      const halves = emit.node('Concat', [lower, upper], both, { attributes: { axis: { int: 0 } } });
      const number = emit.cast(firstOf(emit, halves, size), 'float32');
      const uniform = emit.node('Mul', [number, emit.scalar(2 ** -16, 'float32')], number);
      return new SymbolicTensor(shape, 'float32', emit.reshape(uniform, shape));
    },
  ),
];

/** The first `size` elements in a row. */
function firstOf(emit: Emitter, value: Value, size: number): Value {
  const all = value.shape.reduce((product, length) => product * length, 1);
  const flat = emit.reshape(value, [all]);
  if (all === size) return flat;
  return emit.node('Slice', [flat, emit.ints([0]), emit.ints([size])], { type: value.type, shape: [size] });
}
