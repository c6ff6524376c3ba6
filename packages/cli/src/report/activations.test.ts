import { expect, it } from 'vitest';

import { plainStyle } from '../terminal/style.js';

import { formatActivations } from './activations.js';

it('formatActivations tells how many neurons each kind of images makes active, and where the picture is', () => {
  const groups = [
    { name: 'training', images: 1790, active: { mean: 0.4125, deviation: 0.031 } },
    { name: 'negatives', images: 99, active: { mean: 0.1, deviation: 0 } },
  ] as const;
  expect(formatActivations('relevance', { layer: 'species.relevant', neurons: 2048, groups }, plainStyle)).toEqual([
    'relevance: active neurons of 2,048 in species.relevant (activations/relevance.png)',
    '  images     count  mean share  deviation',
    '  training   1,790      41.3 %      3.1 %',
    '  negatives     99        10 %        0 %',
  ]);
});
