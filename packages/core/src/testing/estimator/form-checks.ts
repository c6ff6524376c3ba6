import { isDeepStrictEqual } from 'node:util';

import type { FitData, Fitted } from '../../plugin/contract.js';
import type { NdArray } from '../../tensor/nd-array.js';
import { prepareTf, toTensor } from '../../tensor/tf-runtime.js';
import { type Check, expectThat } from '../check.js';
import { createTestContext } from '../test-context.js';
import { firstRead } from '../without-reading.js';

import { rowsOf } from './rows.js';
import { apply, applyProgram, applyToEach, type Estimating, fill, fit, saveAndLoad } from './run.js';
import { distance, spread } from './statistics.js';

/** Data that suit a component: equal ones, and arrays of its own, for each call. */
export interface Example<C> {
  /** To fit on. */
  data(component: C): FitData;
  /** Fits that say something else, with as many columns. */
  otherData(component: C): FitData;
  /** To apply the state to, at least four rows. */
  fresh(component: C): NdArray<'float32'>;
}

/** What detectors and calibrators have in common: `fit` is pure, `apply` is a program, the state can be saved. */
export function formChecks<C extends Estimating>(example: Example<C>): readonly Check<C>[] {
  return [
    {
      name: 'fit leaves options and data unchanged',
      async run(component, options) {
        const filled = fill(component, options);
        const data = example.data(component);
        await component.fit(filled, data, createTestContext());
        const same = isDeepStrictEqual([filled, data], [fill(component, options), example.data(component)]);
        expectThat(same, {
          expected: 'fit must leave its options and its data as they were.',
          seen: 'one of them changed',
          fix: 'Copy before you change: data.x.data.slice().',
        });
      },
    },
    {
      name: 'fit gives the same state for the same data, bit for bit, whatever was fitted in between',
      async run(component, options) {
        if (component.tags?.deterministic === false) return;
        const one = await fit(component, options, example.data(component));
        await fit(component, options, example.otherData(component));
        const again = await fit(component, options, example.data(component));
        expectThat(isDeepStrictEqual(one, again), {
          expected: 'Two fits on the same data with the same random stream must give the same state.',
          seen: 'states that differ',
          fix: 'Draw from ctx.random alone and keep nothing between calls, or state tags: { deterministic: false }.',
        });
      },
    },
    {
      name: 'apply treats each image by itself',
      async run(component, options) {
        const state = await fit(component, options, example.data(component));
        const x = example.fresh(component);
        const rows = [0, 1, x.shape[0]! - 1];
        const parts = [x, ...rows.map((row) => rowsOf(x, [row])), rowsOf(x, rows)];
        const [together, ...others] = await applyToEach(component, options, state, parts);
        const width = together!.data.length / x.shape[0]!;
        const expected = rows.flatMap((row) => [...together!.data.slice(row * width, (row + 1) * width)]);
        // The order of float32 additions may differ with the batch's size, never by as much as images differ.
        const tolerance = 1e-3 * spread(together!.data) + 1e-5 * spread([0, ...expected]);
        for (const seen of [others.slice(0, 3).flatMap(({ data }) => [...data]), [...others[3]!.data]]) {
          expectThat(seen.length === expected.length && distance(seen, expected) <= tolerance, {
            expected: 'apply must give an image the same result whichever images it is computed with.',
            seen: `${expected.join(', ')} together, ${seen.join(', ')} apart`,
            fix: 'Compute means and maxima over images in fit, and keep them in the state.',
          });
        }
      },
    },
    {
      name: 'apply does not read the values of its tensors, and gives the same each time',
      async run(component, options) {
        const state = await fit(component, options, example.data(component));
        const x = example.fresh(component);
        const read = await readerOf(component, options, state, x);
        expectThat(read === undefined, {
          expected: 'apply must not read values: an engine records it once, and runs the record.',
          seen: `a call of ${read}()`,
          fix: 'Express it with tfjs ops: tf.where for a choice, tf.sum for a sum.',
        });
        const [one, other] = await applyToEach(component, options, state, [x, x]);
        expectThat(isDeepStrictEqual(one, other), {
          expected: 'apply must give the same results for the same images, bit for bit.',
          seen: 'other results the second time',
          fix: 'Draw random numbers in fit, and keep what they gave in the state.',
        });
      },
    },
    {
      name: 'the state survives being saved and loaded, bit for bit',
      async run(component, options) {
        const state = await fit(component, options, example.data(component));
        const loaded = saveAndLoad(state);
        expectThat(isDeepStrictEqual(loaded.json, state.json), {
          expected: 'The json part of the state must survive JSON.',
          seen: JSON.stringify(loaded.json),
          fix: 'Keep plain objects, strings and finite numbers there, and arrays of numbers in tensors.',
        });
        const x = example.fresh(component);
        const [before, after] = [await apply(component, options, state, x), await apply(component, options, loaded, x)];
        expectThat(isDeepStrictEqual(before, after), {
          expected: 'A loaded state must give what the saved one gave.',
          seen: 'another result',
          fix: 'Keep all that apply needs in the state, none of it in variables of the module.',
        });
      },
    },
  ];
}

async function readerOf(
  component: Estimating,
  options: object | undefined,
  state: Fitted,
  x: NdArray,
): Promise<string | undefined> {
  await prepareTf();
  const program = applyProgram(component, options, state);
  const constants = Object.fromEntries(Object.entries(state.tensors).map(([name, array]) => [name, toTensor(array)]));
  const inputs = { x: toTensor(x) };
  const read = firstRead(() => program.run({ inputs, constants, variables: {} }));
  for (const tensor of [...Object.values(constants), ...Object.values(inputs)]) tensor.dispose();
  return read;
}
