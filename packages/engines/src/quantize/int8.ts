import { KindredError, type Calibration, type Executable, type Int8Support, type Program } from '@kindred/core';

import type { recordProgram } from '../trace/record-program.js';

import { parseCalibration, QUANTIZER, type placeOf } from './calibration.js';
import type { WeightBits } from './parameters.js';
import { Ranges } from './ranges.js';
import { recordObserved, recordQuantized } from './record-int8.js';
import { probeWeightBits } from './weight-bits.js';

/** Compiles a stateless program from the graph that `record` makes of it. */
export type CompileRecorded = (program: Program, record?: typeof recordProgram) => Promise<Executable>;

/** 8 bits, with what only the engine itself calls. */
export interface Int8 extends Int8Support {
  /** @throws KINDRED_ENGINE_CALIBRATION, KINDRED_ENGINE_PRECISION */
  compile(program: Program, calibration: Calibration): Promise<Executable>;
}

/**
 * What the onnx engine offers for 8 bits.
 * @param concurrency Batches that are run at once while ranges are measured.
 * @param probe Finds the bits of weights that this processor multiplies rightly by itself.
 */
export function createInt8(compile: CompileRecorded, concurrency: number, probe = probeWeightBits): Int8 {
  let found: Promise<WeightBits> | undefined;
  const weightBits = () => (found ??= probe());
  return {
    async compile(program, calibration) {
      assertStateless(program);
      return compile(program, recordQuantized(parseCalibration(calibration), await weightBits()));
    },
    version: QUANTIZER,
    async describe() {
      const bits = await weightBits();
      return bits === 8 ? '8-bit weights' : '7-bit weights, as this processor has no VNNI';
    },
    async calibrate(program, batches, options = {}): Promise<Calibration> {
      assertStateless(program);
      let places: readonly ReturnType<typeof placeOf>[] = [];
      const executable = await compile(
        program,
        recordObserved((found) => (places = found)),
      );
      const ranges = new Ranges();
      const running = new Set<Promise<void>>();
      try {
        for await (const batch of batches) {
          const run = executable.run(batch, options).then((extremes) => {
            ranges.add(extremes);
            running.delete(run);
          });
          // It is awaited below: until then its failure is no unhandled rejection.
          run.catch(() => undefined);
          running.add(run);
          if (running.size > concurrency) await Promise.race(running);
        }
        await Promise.all(running);
      } finally {
        await Promise.allSettled(running);
        await executable.dispose();
      }
      const measured = ranges.all();
      return {
        quantizer: QUANTIZER,
        weightBits: await weightBits(),
        ranges: measured.map((range, i) => ({ ...places[i], ...range })),
      };
    },
  };
}

function assertStateless(program: Program): void {
  const variables = Object.keys(program.variables ?? {});
  if (variables.length === 0) return;
  throw new KindredError('KINDRED_ENGINE_PRECISION', {
    message: `A program in 8 bits must have constant weights. The program ${program.name} has the variables ${variables.slice(0, 3).join(', ')}${variables.length > 3 ? ', ...' : ''}.`,
    received: program.name,
    hint: 'Train in float32, and compile what was learned as constants.',
  });
}
