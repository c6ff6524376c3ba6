import * as tf from '@tensorflow/tfjs-core';

import type { Value } from '../onnx/graph.js';
import type { Emitter } from '../trace/emitter.js';
import { defineLowering, type Lowering } from '../trace/lowering.js';
import { SymbolicTensor } from '../trace/symbolic-tensor.js';

import { elementwise } from './align.js';
import { toNCHW } from './conv-geometry.js';

type Statistics = Readonly<Record<'mean' | 'variance', SymbolicTensor>> &
  Readonly<Partial<Record<'scale' | 'offset', SymbolicTensor>>>;

/** On NCHW images and one statistic a channel: an operator that onnxruntime merges into the convolution before it. */
function perChannel(emit: Emitter, x: SymbolicTensor, value: Value, s: Statistics, epsilon: number): SymbolicTensor {
  const { scale = emit.fill(s.mean.shape, 'float32', 1), offset = emit.fill(s.mean.shape, 'float32', 0) } = s;
  const inputs = [value, ...[scale, offset, s.mean, s.variance].map((statistic) => emit.plain(statistic))];
  const attributes = { epsilon: { float: epsilon } };
  return new SymbolicTensor(
    x.shape,
    'float32',
    emit.node('BatchNormalization', inputs, value, { attributes }),
    toNCHW(),
  );
}

/** (x - mean) * scale / sqrt(variance + epsilon) + offset, for any shapes that broadcast. */
function general(emit: Emitter, x: SymbolicTensor, s: Statistics, epsilon: number): SymbolicTensor {
  const binary = (op: string, a: SymbolicTensor, b: SymbolicTensor) =>
    elementwise(emit, [a, b], 'float32', (values, shape) => emit.node(op, values, { type: 'float32', shape }));
  const raised = binary('Add', s.variance, emit.fill([], 'float32', epsilon));
  const deviation = elementwise(emit, [raised], 'float32', ([v]) => emit.node('Sqrt', [v], v as Value));
  const factor = binary('Div', s.scale ?? emit.fill([], 'float32', 1), deviation);
  const scaled = binary('Mul', binary('Sub', x, s.mean), factor);
  return s.offset ? binary('Add', scaled, s.offset) : scaled;
}

export const batchNormLowerings: readonly Lowering[] = [
  defineLowering<tf.FusedBatchNormAttrs>()(
    tf.FusedBatchNorm,
    { required: ['x', 'mean', 'variance'], optional: ['scale', 'offset'] },
    ({ emit, inputs: { x, ...statistics }, attrs }) => {
      const image = x.rank === 4 ? x.form(toNCHW()) : undefined;
      const vectors = Object.values(statistics).every((s) => !s || s.rank === 1);
      return image && vectors
        ? perChannel(emit, x, image, statistics, attrs.varianceEpsilon)
        : general(emit, x, statistics, attrs.varianceEpsilon);
    },
  ),
];
