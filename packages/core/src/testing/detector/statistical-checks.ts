import type { Detector, Fitted } from '../../plugin/contract.js';
import type { NdArray } from '../../tensor/nd-array.js';
import { type Check, expectThat } from '../check.js';
import { rowsOf } from '../estimator/rows.js';
import { apply, applyToEach, fit } from '../estimator/run.js';
import { areaAbove, rankCorrelation, spread } from '../estimator/statistics.js';

import { FRESH, fresh, populations, TRAINING } from './data.js';
import { freshSet, trainingSet } from './form-checks.js';
import { recordedRandom } from './recorded-random.js';

/** The least area under the ROC curve, of normal images that were not trained on against shifted ones. */
const AREA = 0.85;

/** How far fits on the same images in another order may be apart: by rounding and early stopping, or by chance as well. */
const ORDER = {
  exact: { correlation: 0.999, area: 0.005 },
  drawn: { correlation: 0.8, area: 0.05 },
};

/** What a detector must do with images: tell those that belong from those that do not, by what it was fitted on. */
export const detectorStatisticalChecks: readonly Check<Detector>[] = [
  {
    name: 'scores differ from image to image',
    async run(detector, options) {
      const { data } = await apply(detector, options, await fitNormal(detector, options), freshSet(detector));
      const different = new Set(data).size;
      const relative = spread(data) / Math.max(...data.map(Math.abs));
      expectThat(different >= 0.75 * FRESH && relative > 1e-5, {
        expected: `At least three quarters of ${FRESH} images must get scores of their own, apart by more than rounding.`,
        seen: `${different} different scores, whose standard deviation is ${relative} of the largest`,
        fix: 'Look for what underflows or saturates, and score with logarithms there.',
      });
    },
  },
  {
    name: 'shifted images score below normal ones',
    async run(detector, options) {
      const state = await fitNormal(detector, options);
      const shifts = Object.entries(populations(detector).a.shifts);
      const sets = [freshSet(detector), ...shifts.map(([, draw]) => draw(FRESH, fresh()))];
      const [normal, ...others] = await applyToEach(detector, options, state, sets);
      for (const [i, [what]] of shifts.entries()) {
        const area = areaAbove(normal!.data, others[i]!.data);
        expectThat(area >= AREA, {
          expected: `The area under the ROC curve of normal images against images ${what} must be at least ${AREA}.`,
          seen: `${area}`,
          fix:
            area < 0.5
              ? 'A higher score is more normal: turn the sign.'
              : 'Check that fit uses all columns and images.',
        });
      }
    },
  },
  {
    name: 'what is normal depends on the training images',
    async run(detector, options) {
      // Logits are scored by a given formula.
      if (detector.tags?.needsLogits) return;
      const { a, b } = populations(detector);
      const sets = [a, b].map((population) => population.normal(FRESH, fresh()));
      for (const [own, population] of [a, b].entries()) {
        const state = await fit(detector, options, { x: population.normal(TRAINING, fresh().fork('training')) });
        const scores = await applyToEach(detector, options, state, sets);
        const area = areaAbove(scores[own]!.data, scores[1 - own]!.data);
        expectThat(area >= AREA, {
          expected: `Fitted on either of two classes, a detector must rank its images above the other's: an area of ${AREA}.`,
          seen: `${area} for class ${own + 1}`,
          fix: 'Let apply use the state, or tag a given formula over logits with needsLogits.',
        });
      }
    },
  },
  {
    name: 'the order of the training images does not matter',
    async run(detector, options) {
      let drawn = false;
      const random = () => recordedRandom(() => (drawn = true));
      const x = trainingSet(detector);
      const [shift] = Object.values(populations(detector).a.shifts);
      const sets = [freshSet(detector), shift!(FRESH, fresh())];
      const scoresOf = async (order: readonly number[]) => {
        const state = await fit(detector, options, { x: rowsOf(x, order) }, { random: random() });
        return applyToEach(detector, options, state, sets);
      };
      const given = Array.from({ length: TRAINING }, (_, row) => row);
      const first = await scoresOf(given);
      for (const order of [byCluster(given), given.toReversed()]) {
        const again = await scoresOf(order);
        expectSameRanking(first, again, drawn ? ORDER.drawn : ORDER.exact);
      }
    },
  },
  {
    name: 'its boundary leaves about the share outside that options ask for, and most images that belong inside',
    async run(detector, options = {}) {
      const { boundary } = detector;
      if (boundary === undefined) return;
      const x = trainingSet(detector);
      const shareOf = (scores: NdArray) => scores.data.filter((score) => score < boundary).length / scores.shape[0]!;
      const shares = async (given: object) => {
        const state = await fit(detector, given, { x });
        return (await applyToEach(detector, given, state, [x, freshSet(detector)])).map(shareOf) as [number, number];
      };
      const [, outside] = await shares(options);
      expectThat(outside <= 0.6, {
        expected: `Four of ten images that belong must lie inside of a boundary fitted on ${TRAINING}, at the least.`,
        seen: `a share of ${outside} with scores below ${boundary}`,
        fix: 'Shift the scores so that the boundary is where training images are sparse.',
      });
      await expectSharesFollow(shareOptionsOf(detector, options), shares);
    },
  },
];

const fitNormal = (detector: Detector, options: object | undefined): Promise<Fitted> =>
  fit(detector, options, { x: trainingSet(detector) });

/** As from folders: one cluster after the other, where the rows as drawn take turns. */
const byCluster = (rows: readonly number[]): number[] => rows.toSorted((i, j) => (i % 3) - (j % 3));

function expectSameRanking(
  first: readonly NdArray[],
  again: readonly NdArray[],
  bound: { readonly correlation: number; readonly area: number },
): void {
  const pooled = [first, again].map((sets) => sets.flatMap(({ data }) => [...data])) as [number[], number[]];
  const correlation = rankCorrelation(...pooled);
  expectThat(correlation >= bound.correlation, {
    expected: `Fits on the same images in another order must rank images alike: a rank correlation of ${bound.correlation}.`,
    seen: `${correlation}`,
    fix: 'Treat training images as a set: no first ones that count more.',
  });
  const [one, other] = [first, again].map(([normal, shifted]) => areaAbove(normal!.data, shifted!.data));
  expectThat(Math.abs(one! - other!) <= bound.area, {
    expected: `They must tell shifted images equally well: areas under the ROC curve within ${bound.area}.`,
    seen: `${one} and ${other}`,
    fix: 'Treat training images as a set: no first ones that count more.',
  });
}

/** The options that say what share of the training images lies outside, at a low and a high value. */
function shareOptionsOf(detector: Detector, options: object): { name: string; low: object; high: object }[] {
  const filled = detector.options.parse(options) as Readonly<Record<string, unknown>>;
  return ['contamination', 'nu']
    .filter((name) => typeof filled[name] === 'number')
    .map((name) => ({ name, low: { ...options, [name]: LOW }, high: { ...options, [name]: HIGH } }));
}

const LOW = 0.05;
const HIGH = 0.3;

async function expectSharesFollow(
  cases: readonly { name: string; low: object; high: object }[],
  shares: (options: object) => Promise<[training: number, fresh: number]>,
): Promise<void> {
  for (const { name, low, high } of cases) {
    const [lowTraining, lowFresh] = await shares(low);
    const [highTraining, highFresh] = await shares(high);
    for (const [asked, share] of [[LOW, lowTraining] as const, [HIGH, highTraining] as const]) {
      // Three standard deviations of a binomial share, and one image on the boundary itself.
      const most = asked + 3 * Math.sqrt((asked * (1 - asked)) / TRAINING) + 1 / TRAINING;
      expectThat(share <= most, {
        expected: `With ${name} ${asked}, the share of training images outside must be at most ${most.toFixed(3)}.`,
        seen: `${share}`,
        fix: 'Take the boundary from the scores of the training images.',
      });
    }
    // Of images that were not trained on more lie outside, never hardly any.
    expectThat(highFresh >= HIGH / 3 && highFresh - lowFresh >= (HIGH - LOW) / 4, {
      expected: `With ${name} ${HIGH} instead of ${LOW}, clearly more new images must lie outside.`,
      seen: `shares of ${highFresh} and ${lowFresh}`,
      fix: 'Take the boundary from the scores of the training images.',
    });
  }
}
