import type { Emitter } from '../../trace/emitter.js';
import { SymbolicTensor } from '../../trace/symbolic-tensor.js';
import { identity } from '../../onnx/permute.js';
import { padsOf, type Geometry } from '../conv-geometry.js';
import { pad } from '../pad.js';

import { batchParts, chooseFilterGradient } from './choose.js';
import { NCHW, range, type FilterGradient } from './strategy.js';
import { splitBatch } from './values.js';

/**
 * The gradient of a convolution with respect to its filter, `[KH, KW, C, F]`, from its images `x` `[N, H, W, C]` and the gradient `dy`
 * `[N, OH, OW, F]` of its result.
 */
export function filterGradient(
  emit: Emitter,
  x: SymbolicTensor,
  dy: SymbolicTensor,
  g: Geometry,
  strategy: FilterGradient = chooseFilterGradient(g),
  parts: number = batchParts(g),
): SymbolicTensor {
  const [top, left, bottom, right] = padsOf(g);
  const none = [0, 0] as const;
  const planes = new SymbolicTensor(x.shape, 'float32', emit.as(x, NCHW), NCHW);
  const padded = pad(emit, planes, [none, [top, bottom], [left, right], none], 'constant');
  const images = splitTensor(emit, padded, parts);
  const gradients = splitTensor(emit, dy, parts);
  const part = { ...g, batchSize: g.batchSize / parts };
  const sums = range(parts).map((i) =>
    strategy(emit, images[i] as SymbolicTensor, gradients[i] as SymbolicTensor, part),
  );
  return total(emit, sums);
}

/** Cuts images along the batch. */
function splitTensor(emit: Emitter, x: SymbolicTensor, parts: number): readonly SymbolicTensor[] {
  if (parts === 1) return [x];
  const [batch, ...rest] = x.shape as [number, ...number[]];
  return splitBatch(emit, emit.as(x, NCHW), parts).map(
    (value) => new SymbolicTensor([batch / parts, ...rest], 'float32', value, NCHW),
  );
}

/** The sum in tfjs' order of axes, in which weights and optimizer slots are kept. */
function total(emit: Emitter, sums: readonly SymbolicTensor[]): SymbolicTensor {
  const [first] = sums as [SymbolicTensor];
  const perm = first.forms()[0]?.perm ?? identity(first.rank);
  const values = sums.map((sum) => emit.as(sum, perm));
  const [only] = values as [(typeof values)[number]];
  const value = values.length === 1 ? only : emit.node('Sum', values, only);
  const plain = emit.plain(new SymbolicTensor(first.shape, 'float32', value, perm));
  return new SymbolicTensor(first.shape, 'float32', plain, identity(first.rank));
}
