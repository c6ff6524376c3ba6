import { batchNorm } from './batch-norm.js';
import { conv } from './conv.js';
import { dense } from './dense.js';
import { dropout } from './dropout.js';
import { flatten, globalAveragePool } from './flat.js';
import type { LayerOptions } from './layer-options.js';
import type { Layer, Place } from './layer.js';
import { pool } from './pool.js';

/** The kind of a layer: the key that tells it from the others. */
export function kindOf(options: LayerOptions): string {
  // Zod gives keys in the schema's order, and each schema starts with the telling one.
  return Object.keys(options)[0] as string;
}

/** Makes one layer where `place` says. */
export function makeLayer(options: LayerOptions, place: Place): Layer {
  if ('conv' in options) return conv(options, place);
  if ('pool' in options) return pool(options, place);
  if ('dense' in options) return dense(options, place);
  if ('dropout' in options) return dropout(options, place);
  if ('batchNorm' in options) return batchNorm(options, place);
  if ('flatten' in options) return flatten(place);
  return globalAveragePool(place);
}
