import * as tf from '@tensorflow/tfjs-core';

import { permute } from '../onnx/permute.js';
import { defineLowering, type Lowering } from '../trace/lowering.js';
import { SymbolicTensor } from '../trace/symbolic-tensor.js';

import { toNCHW } from './conv-geometry.js';
import { pad } from './pad.js';
import { block } from './slice.js';

const count = (sizes: readonly number[]) => sizes.reduce((product, size) => product * size, 1);

/** Kernels that move blocks of an image between space, batch and channels. */
export const spaceLowerings: readonly Lowering[] = [
  defineLowering<tf.SpaceToBatchNDAttrs>()(tf.SpaceToBatchND, { required: ['x'] }, ({ emit, inputs: { x }, attrs }) => {
    const { blockShape } = attrs;
    const rest = x.shape.slice(1 + blockShape.length).map((): [number, number] => [0, 0]);
    const padded = pad(emit, x, [[0, 0], ...(attrs.paddings as [number, number][]), ...rest], 'constant');
    const shape = [...padded.shape];
    const cut = tf.backend_util.getReshaped(shape, blockShape, count(blockShape), false);
    const perm = tf.backend_util.getPermuted(cut.length, blockShape.length, false);
    const result = tf.backend_util.getReshapedPermuted(shape, blockShape, count(blockShape), false);
    const moved = emit.transpose(emit.reshape(emit.plain(padded), cut), perm);
    return new SymbolicTensor(result, x.dtype, emit.reshape(moved, result));
  }),

  defineLowering<tf.BatchToSpaceNDAttrs>()(tf.BatchToSpaceND, { required: ['x'] }, ({ emit, inputs: { x }, attrs }) => {
    const { blockShape, crops } = attrs;
    const shape = [...x.shape];
    const cut = tf.backend_util.getReshaped(shape, blockShape, count(blockShape));
    const perm = tf.backend_util.getPermuted(cut.length, blockShape.length);
    const whole = tf.backend_util.getReshapedPermuted(shape, blockShape, count(blockShape));
    const moved = emit.transpose(emit.reshape(emit.plain(x), cut), perm);
    const joined = new SymbolicTensor(whole, x.dtype, emit.reshape(moved, whole));
    const begin = tf.backend_util.getSliceBeginCoords(crops, blockShape.length);
    const size = tf.backend_util.getSliceSize(whole, crops, blockShape.length);
    const rest = whole.slice(begin.length);
    return block(emit, joined, [...begin, ...rest.map(() => 0)], [...size, ...rest]);
  }),

  defineLowering<tf.DepthToSpaceAttrs>()(tf.DepthToSpace, { required: ['x'] }, ({ emit, inputs: { x }, attrs }) => {
    const perm = toNCHW(attrs.dataFormat);
    const [batch, channels, height, width] = permute(x.shape, perm) as [number, number, number, number];
    const size = attrs.blockSize;
    const shape = [batch, channels / (size * size), height * size, width * size];
    const attributes = { blocksize: { int: size }, mode: { string: 'DCR' } };
    const value = emit.node('DepthToSpace', [emit.as(x, perm)], { type: x.dtype, shape }, { attributes });
    const result = attrs.dataFormat === 'NHWC' ? permute(shape, [0, 2, 3, 1]) : shape;
    return new SymbolicTensor(result, x.dtype, value, perm);
  }),
];
