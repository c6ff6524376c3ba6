import { defineCalibrator, float32 } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';

import { fittedTensor } from '../../features/fitted-tensor.js';
import { requireColumns } from '../../features/require-features.js';
import { calibrationColumns, countKinds, type NamedColumn } from '../data/calibration-data.js';
import { directionNote } from '../data/direction.js';
import { minPerClassOption, pooled } from '../data/fit-each-label.js';

import { fitTemperature, type TemperatureFit } from './inverse-temperature.js';

/**
 * Probabilities `sigmoid(score / T)` `[N, L]` of scores `[N, L]`, one temperature over all labels (Guo et al. 2017). It makes a head more
 * or less sure and never changes what is above one half: a detector's probability is .5 at the score 0, its own boundary. For a
 * detector `platt` fits better, as it moves that point too.
 */
export const temperature = defineCalibrator({
  name: 'temperature',
  version: 1,
  summary: 'Probabilities as the sigmoid of scores divided by one temperature, fitted on held-out images.',
  options: z.strictObject({ minPerClass: minPerClassOption(5) }),
  tags: { multiLabel: true, needsHeldOut: true, needsNegatives: true },
  fit({ minPerClass }, data) {
    const columns = calibrationColumns('temperature', data);
    const { inverse, limit } = fitTemperature(pooled('temperature', columns, minPerClass));
    const notes = columns
      .flatMap((column) => [directionNote(column), oneKindNote(column)])
      .filter((note) => note !== undefined);
    if (limit) notes.push(limitNote(limit, 1 / inverse));
    return Promise.resolve({
      tensors: {
        inverse: float32(
          [columns.length],
          columns.map(() => inverse),
        ),
      },
      json: { temperature: 1 / inverse },
      notes,
    });
  },
  apply({ tensors }, x) {
    const inverse = fittedTensor('temperature', tensors, 'inverse');
    requireColumns('temperature', x, inverse.size);
    return tf.sigmoid(tf.mul(x, inverse));
  },
});

function oneKindNote({ name, ...column }: NamedColumn): string | undefined {
  const { positives, negatives } = countKinds(column);
  if (positives > 0 && negatives > 0) return undefined;
  return `${positives > 0 ? 'Every' : 'No'} held-out image carries ${name}: the temperature comes from the other labels.`;
}

function limitNote(limit: NonNullable<TemperatureFit['limit']>, value: number): string {
  const found = `The temperature is at its limit, ${value.toPrecision(3)}: `;
  return limit === 'flat'
    ? `${found}the signs of the scores say nothing of the held-out images, so every probability is close to .5.`
    : `${found}the signs of the scores are right on every held-out image, so every probability is close to 0 or 1.`;
}
