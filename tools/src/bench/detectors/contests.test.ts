import { describe, expect, it } from 'vitest';

import { chosen, contestsFor } from './contests.js';

const names = (rows: number) => contestsFor(rows).map(({ name }) => name);

describe('contests', () => {
  it('have names of their own', () => {
    expect(new Set(names(1500)).size).toBe(names(1500).length);
  });

  it('fit fewer covariance matrices to many images', () => {
    expect(names(1500)).toContain('gaussian-mixture, 4 full');
    expect(names(20_000)).toContain('gaussian-mixture, 2 full');
  });

  it('can be chosen by component', () => {
    const contests = contestsFor(1500);
    expect(chosen(contests, undefined)).toBe(contests);
    expect(chosen(contests, ['pca', 'one-class-svm']).map(({ name }) => name)).toEqual([
      'pca, 128',
      'one-class-svm, nu 0.05',
      'one-class-svm, nu 0.1',
    ]);
  });

  it('are refused where no component has the name', () => {
    expect(() => chosen(contestsFor(1500), ['svm'])).toThrow(
      '--only must name components of this bench: standard-scaler,',
    );
  });
});
