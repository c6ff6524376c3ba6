import { isKindredError } from '../../errors/kindred-error.js';
import type { Detector, Fitted } from '../../plugin/contract.js';
import { float32, type NdArray } from '../../tensor/nd-array.js';
import { type Check, expectThat } from '../check.js';
import { formChecks } from '../estimator/form-checks.js';
import { expectNotes } from '../estimator/notes.js';
import { expectRefusal } from '../estimator/refusals.js';
import { rowsOf, withValue } from '../estimator/rows.js';
import { apply, applyToEach, fit } from '../estimator/run.js';

import { COLUMNS, FRESH, fresh, populations, training, TRAINING } from './data.js';

/** Images to fit `detector` on. */
export const trainingSet = (detector: Detector): NdArray<'float32'> =>
  populations(detector).a.normal(TRAINING, training());

/** Images of the same class that it has not seen. */
export const freshSet = (detector: Detector): NdArray<'float32'> => populations(detector).a.normal(FRESH, fresh());

/** What a detector must do whatever it detects: shapes, purity, what it refuses. */
export const detectorFormChecks: readonly Check<Detector>[] = [
  ...formChecks<Detector>({
    data: (detector) => ({ x: trainingSet(detector) }),
    otherData: (detector) => ({ x: populations(detector).b.normal(TRAINING, training()) }),
    fresh: (detector) => freshSet(detector),
  }),
  {
    name: 'apply gives one finite score for each image, however odd it is',
    async run(detector, options) {
      const state = await fit(detector, options, { x: trainingSet(detector) });
      const x = freshSet(detector);
      const far = float32(
        x.shape,
        x.data.map((value) => 1e4 * value),
      );
      const inputs = [x, rowsOf(x, [0]), float32([3, COLUMNS]), far];
      for (const [i, scores] of (await applyToEach(detector, options, state, inputs)).entries()) {
        expectVector(scores, inputs[i]!.shape[0]!);
        expectFinite(scores);
      }
    },
  },
  {
    name: 'apply refuses images of another number of columns',
    async run(detector, options) {
      const state = await fit(detector, options, { x: trainingSet(detector) });
      for (const columns of [1, COLUMNS - 1, COLUMNS + 1]) {
        await expectRefusal(apply(detector, options, state, float32([3, columns])), {
          what: `Features [3, ${columns}] after a fit on [${TRAINING}, ${COLUMNS}]`,
          codes: ['KINDRED_FEATURES_INVALID'],
          fix: 'Compare x.shape[1] with the columns of the training set: tfjs would stretch one column to any number.',
        });
      }
    },
  },
  ...refusals([
    ['NaN among the features', (x) => withValue(x, NaN)],
    ['an infinite feature', (x) => withValue(x, -Infinity)],
    ['no images', () => float32([0, COLUMNS])],
  ]),
  ...poorSets([
    ['a single image', (x) => rowsOf(x, [0])],
    ['fewer images than columns', (x) => rowsOf(x, [0, 1, 2])],
    ['one image many times', (x) => rowsOf(x, new Array<number>(TRAINING).fill(0))],
    ['a constant column', (x) => changedColumns(x, (value, j) => (j === 1 ? 0.1 : value))],
    ['two columns that are equal', (x) => changedColumns(x, (value, j, row) => (j === 1 ? row[0]! : value))],
  ]),
];

function refusals(
  cases: readonly (readonly [string, (x: NdArray<'float32'>) => NdArray<'float32'>])[],
): Check<Detector>[] {
  return cases.map(([what, spoil]) => ({
    name: `fit refuses ${what} with a named error`,
    run: (detector, options) =>
      expectRefusal(fit(detector, options, { x: spoil(trainingSet(detector)) }), {
        what: `To fit on ${what}`,
        codes: ['KINDRED_FEATURES_INVALID'],
        fix: 'Check data.x before anything is computed from it.',
      }),
  }));
}

/** Training sets that say little: a detector may refuse them, or make the best of them. */
function poorSets(
  cases: readonly (readonly [string, (x: NdArray<'float32'>) => NdArray<'float32'>])[],
): Check<Detector>[] {
  return cases.map(([what, impoverish]) => ({
    name: `a fit on ${what} is refused with a named error, or gives finite scores`,
    async run(detector, options) {
      const x = impoverish(trainingSet(detector));
      let state: Fitted;
      try {
        state = await fit(detector, options, { x });
      } catch (error) {
        expectThat(isKindredError(error) && error.code.startsWith('KINDRED_F'), {
          expected: `A fit on ${what} must be refused with KINDRED_FIT_* or KINDRED_FEATURES_INVALID, or give a state.`,
          seen: String(error),
          fix: 'Say what the detector needs, of how many images, and what to do.',
        });
        return;
      }
      expectNotes(state);
      for (const scores of await applyToEach(detector, options, state, [freshSet(detector), x])) expectFinite(scores);
    },
  }));
}

function expectVector({ dtype, shape }: NdArray, rows: number): void {
  expectThat(dtype === 'float32' && shape.length === 1 && shape[0] === rows, {
    expected: `apply must give float32 scores [${rows}] for ${rows} images.`,
    seen: `${dtype} [${shape.join(', ')}]`,
    fix: 'Reduce over the columns alone, and reshape [N, 1] to [N].',
  });
}

function expectFinite({ data }: NdArray): void {
  expectThat(data.every(Number.isFinite), {
    expected: 'Every score must be finite.',
    seen: `${data.find((value) => !Number.isFinite(value))} for image ${data.findIndex((value) => !Number.isFinite(value))}`,
    fix: 'Compute with logarithms where densities underflow; guard divisions and logarithms against zero.',
  });
}

function changedColumns(
  { shape, data }: NdArray<'float32'>,
  change: (value: number, column: number, row: Float32Array) => number,
): NdArray<'float32'> {
  return float32(
    shape,
    data.map((value, i) => change(value, i % COLUMNS, data.subarray(i - (i % COLUMNS)))),
  );
}
