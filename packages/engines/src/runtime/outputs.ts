import type { NdArrays } from '@kindred/core';

import { graphName } from '../trace/record-program.js';

import type { Model } from './model.js';
import type { WireArray } from './protocol.js';

/** A worker's answer under the program's own names. */
export function outputsOf(model: Model, arrays: Readonly<Record<string, WireArray>>): NdArrays {
  return Object.fromEntries(model.outputs.map((name) => [name, arrays[graphName.output(name)] as WireArray]));
}
