import { isDeepStrictEqual } from 'node:util';

import type { Calibrator, FitData } from '../plugin/contract.js';
import { float32, type NdArray, uint8 } from '../tensor/nd-array.js';

import { type HeldOut, heldOut, ramp, sigmoid, withOneClass } from './calibrator/data.js';
import { type Check, expectThat } from './check.js';
import { formChecks } from './estimator/form-checks.js';
import { expectNotes } from './estimator/notes.js';
import { expectRefusal, outcomeOf } from './estimator/refusals.js';
import { withValue } from './estimator/rows.js';
import { apply, applyToEach, fit } from './estimator/run.js';
import { distance } from './estimator/statistics.js';

/** A head with several labels, and a detector or a head with one. */
const WIDTHS = [3, 1];

/** What calibration must leave of the error of overconfident logits, at most. */
const REMAINING_ERROR = 0.6;

const LACKS_DATA = ['KINDRED_CALIBRATION_DATA'];
const INVALID = ['KINDRED_FEATURES_INVALID', 'KINDRED_SCORES_INVALID'];

/**
 * What every calibrator must do, on 300 held-out images with one label and with three. One that is not tagged `needsHeldOut` learns
 * nothing, and must be the same whatever it is fitted on.
 */
export const calibratorChecks: readonly Check<Calibrator>[] = [
  ...formChecks<Calibrator>({
    data: () => dataOf(heldOut(3)),
    otherData: () => dataOf(heldOut(3, 6)),
    fresh: () => heldOut(3, 7).x,
  }),
  {
    name: 'apply gives a probability for each image and label, also of logits far from those it was fitted on',
    async run(calibrator, options) {
      for (const labels of WIDTHS) {
        const state = await fit(calibrator, options, dataOf(heldOut(labels)));
        const far = Array.from({ length: 2 * labels }, (_, i) => (i < labels ? 1e6 : -1e6));
        const inputs = [heldOut(labels, 7).x, heldOut(labels, 8, 1).x, float32([2, labels], far)];
        const results = await applyToEach(calibrator, options, state, inputs);
        for (const [i, result] of results.entries()) expectProbabilities(result, inputs[i]!.shape);
      }
    },
  },
  {
    name: 'a higher logit never gets a lower probability',
    async run(calibrator, options) {
      for (const labels of WIDTHS) {
        const state = await fit(calibrator, options, dataOf(heldOut(labels)));
        for (let label = 0; label < labels; label++) {
          const { data } = await apply(calibrator, options, state, ramp(labels, label));
          const rising = [...data].filter((_, i) => i % labels === label);
          // A float32 sigmoid may be off by its last bits.
          const fall = rising.findIndex((value, i) => i > 0 && value < rising[i - 1]! - 1e-6);
          expectThat(fall < 0 && rising.at(-1)! - rising[0]! > 0.5, {
            expected: 'Probabilities must rise with the logit, and from low ones to high ones.',
            seen: fall < 0 ? `${rising[0]} to ${rising.at(-1)}` : `${rising[fall - 1]} before ${rising[fall]}`,
            fix: 'Fit a monotone map, and hold its ends constant outside of the fitted range.',
          });
        }
      }
    },
  },
  {
    name: 'probabilities are closer to the truth than the logits were',
    async run(calibrator, options) {
      if (calibrator.tags?.needsHeldOut !== true) return;
      for (const labels of WIDTHS) {
        const state = await fit(calibrator, options, dataOf(heldOut(labels)));
        const { x, chances } = heldOut(labels, 7);
        const after = distance((await apply(calibrator, options, state, x)).data, chances);
        const before = distance(Float64Array.from(x.data, sigmoid), chances);
        expectThat(after <= REMAINING_ERROR * before, {
          expected: `Of logits four times too sure, calibration must leave an error of at most ${REMAINING_ERROR} times ${before}.`,
          seen: `${after}, for ${labels} ${labels === 1 ? 'label' : 'labels'}`,
          fix: 'Minimise the log-loss on the images that fit is given, label by label.',
        });
      }
    },
  },
  {
    name: 'it is the same whatever it is fitted on, unless it is tagged needsHeldOut',
    async run(calibrator, options) {
      if (calibrator.tags?.needsHeldOut === true) return;
      const { x, y, labels } = heldOut(3);
      const opposite = uint8(
        y.shape,
        y.data.map((target) => 1 - target),
      );
      const results: NdArray[] = [];
      for (const targets of [y, opposite]) {
        const state = await fit(calibrator, options, { x, y: targets, labels });
        results.push(await apply(calibrator, options, state, heldOut(3, 7).x));
      }
      expectThat(isDeepStrictEqual(results[0], results[1]), {
        expected: 'A calibrator that learns from its images must say so.',
        seen: 'other probabilities after a fit on other targets',
        fix: 'State tags: { needsHeldOut: true }.',
      });
    },
  },
  ...[0, 1].map((target): Check<Calibrator> => ({
    name: `labels whose targets are all ${target} are refused with a named error, or noted`,
    async run(calibrator, options) {
      if (calibrator.tags?.needsHeldOut !== true) return;
      for (const labels of WIDTHS) {
        const data = dataOf(withOneClass(heldOut(labels), labels - 1, target as 0 | 1));
        await expectRefusedOrNoted(calibrator, options, data, `A label whose targets are all ${target}`);
      }
    },
  })),
  {
    name: 'too few images are refused with a named error, or noted',
    async run(calibrator, options) {
      if (calibrator.tags?.needsHeldOut !== true) return;
      const data = { x: float32([2, 1], [-1, 1]), y: uint8([2, 1], [0, 1]) };
      await expectRefusedOrNoted(calibrator, options, data, 'A fit on two images');
    },
  },
  {
    name: 'no images and no targets are refused with a named error',
    async run(calibrator, options) {
      if (calibrator.tags?.needsHeldOut !== true) return;
      const fix = 'Check the data before anything is computed from them.';
      const none = { x: float32([0, 1]), y: uint8([0, 1]) };
      await expectRefusal(fit(calibrator, options, none), {
        what: 'No images',
        codes: [...LACKS_DATA, ...INVALID],
        fix,
      });
      const { x } = heldOut(1);
      await expectRefusal(fit(calibrator, options, { x }), { what: 'No targets', codes: LACKS_DATA, fix });
    },
  },
  {
    name: 'fit refuses NaN and infinity with a named error',
    async run(calibrator, options) {
      if (calibrator.tags?.needsHeldOut !== true) return;
      const { x, y } = heldOut(1);
      for (const value of [NaN, Infinity]) {
        await expectRefusal(fit(calibrator, options, { x: withValue(x, value), y }), {
          what: `A logit of ${value}`,
          codes: INVALID,
          fix: 'Check data.x before anything is computed from it.',
        });
      }
    },
  },
  {
    name: 'apply refuses another number of labels',
    async run(calibrator, options) {
      if (calibrator.tags?.needsHeldOut !== true) return;
      const state = await fit(calibrator, options, dataOf(heldOut(3)));
      for (const labels of [1, 2, 4]) {
        await expectRefusal(apply(calibrator, options, state, float32([5, labels])), {
          what: `Logits [5, ${labels}] after a fit on three labels`,
          codes: INVALID,
          fix: 'Compare x.shape[1] with the labels of the fit: tfjs would stretch one column to any number.',
        });
      }
    },
  },
];

type Targeted = FitData & Required<Pick<FitData, 'y'>>;

const dataOf = ({ x, y, labels }: HeldOut): Targeted => ({ x, y, labels });

async function expectRefusedOrNoted(
  calibrator: Calibrator,
  options: object | undefined,
  data: Targeted,
  what: string,
): Promise<void> {
  const fitting = fit(calibrator, options, data);
  const seen = await outcomeOf(fitting);
  if (LACKS_DATA.includes(seen)) return;
  const { notes = [] } = seen === 'no error' ? await fitting : {};
  expectThat(notes.length > 0, {
    expected: `${what} must be refused with ${LACKS_DATA.join()}, or fitted with a note that says what was done instead.`,
    seen: seen === 'no error' ? 'a state without notes' : seen,
    fix: 'Leave such a label as it is, and return a note that names it.',
  });
  expectNotes({ notes });
  expectProbabilities(await apply(calibrator, options, await fitting, data.x), data.x.shape);
}

function expectProbabilities({ dtype, shape, data }: NdArray, expected: readonly number[]): void {
  const odd = data.find((value) => !(value >= 0 && value <= 1));
  expectThat(dtype === 'float32' && shape.join() === expected.join() && odd === undefined, {
    expected: `apply must give float32 [${expected.join(', ')}] from 0 to 1.`,
    seen: `${dtype} [${shape.join(', ')}]${odd === undefined ? '' : ` with ${odd}`}`,
    fix: 'Use tf.sigmoid, which no logit overflows, and tf.clipByValue.',
  });
}
