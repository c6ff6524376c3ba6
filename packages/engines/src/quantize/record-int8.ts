import type { Program } from '@kindred/core';

import type { InputSpecs } from '../trace/input-specs.js';
import { recordProgram, type RecordedProgram } from '../trace/record-program.js';

import { placeOf, prepared, type Int8Calibration } from './calibration.js';
import { EXTREMES, observed } from './observe.js';
import type { WeightBits } from './parameters.js';
import { quantizeGraph } from './quantize-graph.js';

/**
 * Records programs so that they compute in 8 bits.
 * @param machineBits Bits of weights that this processor multiplies rightly by itself.
 * @throws KINDRED_ENGINE_CALIBRATION besides what recording throws
 */
export const recordQuantized =
  (calibration: Int8Calibration, machineBits: WeightBits) =>
  (program: Program, specs: InputSpecs): RecordedProgram => {
    const recorded = recordProgram(program, specs);
    const { graph, values } = prepared(recorded.graph);
    const wideProducts = calibration.weightBits > machineBits;
    return { ...recorded, graph: quantizeGraph(graph, values, calibration), wideProducts };
  };

/** Records what measures the ranges of a program's values, `[values, N]`, and says which values these are. */
export function recordObserved(onPlaces: (places: readonly ReturnType<typeof placeOf>[]) => void) {
  return (program: Program, specs: InputSpecs): RecordedProgram => {
    const recorded = recordProgram(program, specs);
    const { graph, values } = prepared(recorded.graph);
    onPlaces(values.ranged.map(placeOf));
    return { ...recorded, graph: observed(graph, values.ranged), outputs: EXTREMES };
  };
}
