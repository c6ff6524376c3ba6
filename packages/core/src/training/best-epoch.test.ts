import { describe, expect, it } from 'vitest';

import { createSelection } from './best-epoch.js';

type Options = Parameters<typeof createSelection>[1];

/** Which epoch was chosen after these losses, and after which one training stopped. */
function select(options: Options, losses: readonly (number | undefined)[]) {
  const selection = createSelection({ epoch: 0, weights: {} }, options);
  const stopped = losses.findIndex((validationLoss, i) =>
    selection.offer({ epoch: i + 1, weights: {}, validationLoss }),
  );
  return { chosen: selection.chosen.epoch, stopped: stopped + 1 || undefined };
}

describe('createSelection', () => {
  it.each<[string, Options, (number | undefined)[], ReturnType<typeof select>]>([
    [
      'the last epoch without validation, whatever patience says',
      { patience: 1 },
      [undefined, undefined],
      { chosen: 2, stopped: undefined },
    ],
    ['the first of equal ones', {}, [2, 1, 1], { chosen: 2, stopped: undefined }],
    ['the best, and stops once patience is used up', { patience: 2 }, [3, 1, 2, 2, 0], { chosen: 2, stopped: 4 }],
    [
      'the last on request, and stops all the same',
      { restoreBest: false, patience: 2 },
      [3, 1, 2, 2, 0],
      { chosen: 4, stopped: 4 },
    ],
    ['the first, if all others are worse', { patience: 1 }, [1, 2], { chosen: 1, stopped: 2 }],
    ['nothing worse for equal losses: they use patience up', { patience: 3 }, [1, 1, 1, 1], { chosen: 1, stopped: 4 }],
    ['better ones just in time', { patience: 2 }, [3, 4, 2, 3, 1, 5], { chosen: 5, stopped: undefined }],
    ['losses below zero as well', { patience: 1 }, [-1, -2, -1.5], { chosen: 2, stopped: 3 }],
  ])('chooses %s', (_, options, losses, expected) => {
    expect(select(options, losses)).toEqual(expected);
  });

  it('before any epoch, gives what training started with', () => {
    expect(select({}, [])).toEqual({ chosen: 0, stopped: undefined });
  });

  it('knows from the history whether it had stopped', () => {
    const record = (epoch: number, validationLoss: number) => ({
      epoch,
      validationLoss,
      loss: 1,
      gradientNorm: 1,
      learningRate: 1,
    });
    const history = [record(1, 1), record(2, 2), record(3, 2)];
    const after = (epochs: number) =>
      createSelection({ epoch: 1, weights: {} }, { patience: 2 }, history.slice(0, epochs)).stopped;
    expect([0, 1, 2, 3].map(after)).toEqual([false, false, false, true]);
  });
});
