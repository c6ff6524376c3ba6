import { KindredError, type Calibration } from '@kindred/core';
import { z } from 'zod';

import type { Graph, Value } from '../onnx/graph.js';

import { byteValues } from './byte-values.js';
import { foldAffine } from './fold-affine.js';
import { foldPad } from './fold-pad.js';
import { widenConstants } from './widen-constants.js';

/** Counts up whenever the same calibration would give other numbers, or the same images another calibration. */
export const QUANTIZER = 'onnx-int8-1';

const schema = z.strictObject({
  quantizer: z.literal(QUANTIZER),
  weightBits: z.union([z.literal(7), z.literal(8)]),
  ranges: z.array(z.strictObject({ op: z.string(), shape: z.array(z.int().min(0)), min: z.number(), max: z.number() })),
});

/** What this engine keeps of a calibration: the bits of weights, and the range of each value that becomes bytes. */
export type Int8Calibration = z.output<typeof schema>;

/** @throws KINDRED_ENGINE_CALIBRATION unless this quantizer made it. */
export function parseCalibration(calibration: Calibration): Int8Calibration {
  const parsed = schema.safeParse(calibration);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw calibrationError(
    `be made by the quantizer ${QUANTIZER} of the engine onnx. Got ${JSON.stringify(calibration['quantizer'])}: ${issue?.path.join('.')} ${issue?.message}`,
  );
}

export function calibrationError(must: string): KindredError {
  return new KindredError('KINDRED_ENGINE_CALIBRATION', {
    message: `A calibration for 8 bits must ${must}.`,
    hint: 'Calibrate again: train the pipeline once more with this version.',
  });
}

/** A recorded program in the form that is calibrated and quantized: the same for both, and for every batch size. */
export function prepared(graph: Graph): { readonly graph: Graph; readonly values: ReturnType<typeof byteValues> } {
  const folded = widenConstants(foldPad(foldAffine(graph)));
  return { graph: folded, values: byteValues(folded) };
}

/** Says which value a range is of, without the batch size. */
export function placeOf({ source, shape }: Value): { op: string; shape: number[] } {
  return { op: source.kind === 'node' ? source.node.op : source.kind, shape: shape.slice(1) };
}
