import type { Schedule, TrainingMoment } from '../plugin/contract.js';

import { type Check, expectThat } from './check.js';

/** What every schedule must do. */
export const scheduleChecks: readonly Check<Schedule>[] = [
  {
    name: 'gives finite factors that are not below 0, at every moment of short and long training',
    run(schedule, options) {
      const factor = create(schedule, options);
      for (const moment of moments()) {
        const seen = factor(moment);
        expectThat(Number.isFinite(seen) && seen >= 0, {
          expected: `The factor ${where(moment)} must be a finite number that is not below 0.`,
          seen: `${seen}`,
          fix: 'Positions reach from 0 to the number of epochs, both included; losses may be of any size.',
        });
      }
      return Promise.resolve();
    },
  },
  {
    name: 'is a pure function: the same moment gives the same factor, whatever was asked before',
    run(schedule, options) {
      const inOrder = create(schedule, options);
      const expected = moments().map(inOrder);
      const backwards = create(schedule, options);
      const seen = moments().toReversed().map(backwards).toReversed();
      moments().forEach((moment, i) =>
        expectThat(Object.is(expected[i], seen[i]), {
          expected: `The factor ${where(moment)} must be ${expected[i]} again when moments are asked for in another order.`,
          seen: `${seen[i]}`,
          fix: 'Compute it from the moment alone: training that goes on from a checkpoint asks for the later moments only.',
        }),
      );
      return Promise.resolve();
    },
  },
  {
    name: 'leaves the losses that it is given unchanged',
    run(schedule, options) {
      const factor = create(schedule, options);
      const losses = [0.5, 0.9, 0.4, 0.6, 0.7];
      factor({ position: 5, epochs: 10, validationLosses: losses });
      expectThat(losses.join() === '0.5,0.9,0.4,0.6,0.7', {
        expected: 'The losses [0.5, 0.9, 0.4, 0.6, 0.7] must stay as they are.',
        seen: `[${losses.join(', ')}]`,
        fix: 'Copy them before sorting or changing them.',
      });
      return Promise.resolve();
    },
  },
];

function create(schedule: Schedule, options: object = {}): (moment: TrainingMoment) => number {
  return schedule.create(schedule.options.parse(options));
}

/** Losses that fall, rise, stay, and are huge, tiny or below zero. */
const LOSSES: readonly ((epoch: number) => number)[] = [
  (epoch) => 1 / epoch,
  (epoch) => epoch * 1e30,
  () => 0,
  (epoch) => (epoch % 2 === 0 ? 1e-30 : -3),
];

function moments(): TrainingMoment[] {
  return [1, 2, 7, 1000].flatMap((epochs) => {
    const positions = [0, 0.25, 0.5, 0.999, 1, 1.5, epochs / 3, epochs - 0.01, epochs];
    return LOSSES.flatMap((loss) =>
      positions
        .filter((position) => position <= epochs)
        .map((position) => ({
          position,
          epochs,
          validationLosses: Array.from({ length: Math.floor(position) }, (_, i) => loss(i + 1)),
        })),
    );
  });
}

function where({ position, epochs, validationLosses }: TrainingMoment): string {
  const last = validationLosses.at(-1);
  return `at the position ${position} of ${epochs} epochs${last === undefined ? '' : `, after the loss ${last},`}`;
}
