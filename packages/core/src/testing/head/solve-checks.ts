import { isDeepStrictEqual } from 'node:util';

import type { FitData, Head, LabelHeadModel } from '../../plugin/contract.js';
import { createRandom } from '../../context/random.js';
import { type Check, expectThat } from '../check.js';
import { areaAbove } from '../estimator/statistics.js';
import { createTestContext } from '../test-context.js';

import { labelsOf, toy } from './data.js';
import { create, initial, logits } from './label-heads.js';

type Solver = Required<Pick<LabelHeadModel, 'solve'>> & LabelHeadModel;

/** What a head that finds its weights itself must do; one that core trains passes them all. */
export const solveChecks: readonly Check<Head>[] = [
  check('solves for all weights of its network, each finite and of its shape', async (model, data) => {
    const { weights } = await model.solve(data, createTestContext());
    const shapes = (arrays: typeof weights) =>
      Object.fromEntries(
        Object.entries(arrays).map(([name, { dtype, shape }]) => [name, { dtype, shape: [...shape] }]),
      );
    const finite = Object.values(weights).every((array) => array.data.every(Number.isFinite));
    expectThat(isDeepStrictEqual(shapes(weights), shapes(initial(model))) && finite, {
      expected: `solve must give finite weights by the names and shapes of init: ${JSON.stringify(shapes(initial(model)))}.`,
      seen: `${JSON.stringify(shapes(weights))}, ${finite ? 'finite' : 'not finite'}`,
      fix: 'Return one array for each name of network.init, converted to float32.',
    });
  }),
  check('solves without changing what it is given', async (model, data) => {
    const before = structuredClone(data);
    await model.solve(data, createTestContext());
    expectThat(isDeepStrictEqual(data, before), {
      expected: 'solve must leave features and targets as they are: other branches read them too.',
      seen: 'other values',
      fix: 'Copy what you scale or shuffle.',
    });
  }),
  check('solves to the same weights with the same seed', async (model, data) => {
    const solve = () => model.solve(data, createTestContext({ random: createRandom(5) }));
    const [one, other] = [await solve(), await solve()];
    expectThat(isDeepStrictEqual(one, other), {
      expected: 'solve must give the same weights for the same data and random stream.',
      seen: 'weights that differ',
      fix: 'Draw from ctx.random alone, and keep nothing between calls.',
    });
  }),
  check('solves so that images which carry a label get the higher logits', async (model, data, head) => {
    const { weights } = await model.solve(data, createTestContext());
    const values = logits(model, weights, data.x).data;
    const labels = labelsOf(head).length;
    const column = (truth: number) => values.filter((_, i) => i % labels === 0 && data.y?.data[i] === truth);
    const area = areaAbove(column(1), column(0));
    expectThat(area > 0.9, {
      expected: 'On separable data the area under the ROC curve must be above 0.9.',
      seen: `${area}`,
      fix: 'Look for weights of another sign, or of standardised features that were not scaled back.',
    });
  }),
  check('stops solving when it is told to', async (model, data) => {
    const reason = new Error('stop');
    const seen = await model.solve(data, createTestContext({ signal: AbortSignal.abort(reason) })).then(
      () => undefined,
      (error: unknown) => error,
    );
    expectThat(seen === reason, {
      expected: "solve must reject with the signal's reason once it is aborted.",
      seen: seen instanceof Error ? seen.message : 'weights',
      fix: 'Call ctx.signal.throwIfAborted() in each iteration, and give way to the event loop now and then.',
    });
  }),
];

function check(name: string, run: (model: Solver, data: FitData, head: Head) => Promise<void>): Check<Head> {
  return {
    name,
    async run(head, options) {
      const model = await create(head, options);
      if (!isSolver(model)) return;
      await run(model, { ...toy(head), labels: labelsOf(head) }, head);
    },
  };
}

const isSolver = (model: LabelHeadModel): model is Solver => model.solve !== undefined;
