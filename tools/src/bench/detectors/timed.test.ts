import { describe, expect, it } from 'vitest';

import { medians, ratios } from './timed.js';

const round = (fit: number, score: number) => ({
  fit: { seconds: fit, cpuSeconds: 2 * fit },
  score: { seconds: score, cpuSeconds: score },
});

describe('times of fit and score', () => {
  const rounds = medians([round(1, 5), round(2, 1), round(9, 2)]);

  it('are the medians of the rounds, the total that of the sums', () => {
    expect(rounds).toEqual({
      fit: { seconds: 2, cpuSeconds: 4 },
      score: { seconds: 2, cpuSeconds: 2 },
      total: { seconds: 6, cpuSeconds: 7 },
    });
  });

  it('are compared part by part', () => {
    const peer = medians([round(4, 1)]);
    expect(ratios(rounds, peer)).toEqual({
      fit: { seconds: 0.5, cpuSeconds: 0.5 },
      score: { seconds: 2, cpuSeconds: 2 },
      total: { seconds: 1.2, cpuSeconds: 7 / 9 },
    });
  });
});
