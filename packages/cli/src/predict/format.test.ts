import { KindredError } from '@kindred/core';
import type { Prediction } from '@kindred/core/host';
import { expect, it } from 'vitest';

import { predictionToJson } from '../report/json.js';
import { plainStyle } from '../terminal/style.js';

import { formatPrediction } from './format.js';

const sample = { id: 'photos/a.jpg', labels: [], location: 'photos/a.jpg', read: () => Promise.reject(new Error()) };
const prediction: Prediction = {
  sample,
  branches: {
    genres: {
      kind: 'labels',
      labels: [
        { label: 'Drama', score: 0.91249, threshold: 0.5, chosen: true },
        { label: 'Comedy', score: 0.4, threshold: 0.3, chosen: true },
        { label: 'War', score: 0.1, threshold: 0.5, chosen: false },
      ],
    },
    novelty: { kind: 'novelty', score: -12.3456, threshold: -1, normal: false },
    belongs: { kind: 'novelty', score: 0.5, threshold: 0, normal: true, probability: 0.875 },
  },
};
const unreadable: Prediction = {
  sample,
  error: new KindredError('KINDRED_IMAGE_EMPTY', {
    message: 'It is empty.',
    path: 'photos/a.jpg',
    hint: 'Copy it again.',
  }),
};

it('prints a line for each branch, parted by tabs', () => {
  expect(formatPrediction(prediction, 2, plainStyle)).toEqual([
    'photos/a.jpg\tgenres\t+Drama 0.912\t+Comedy 0.400',
    'photos/a.jpg\tnovelty\t-other\tscore -12.346',
    'photos/a.jpg\tbelongs\t+normal 0.875\tscore 0.500',
  ]);
  expect(formatPrediction(prediction, 9, plainStyle)[0]).toBe(
    'photos/a.jpg\tgenres\t+Drama 0.912\t+Comedy 0.400\t-War 0.100',
  );
});

it('prints nothing on standard output for an image that could not be read', () => {
  expect(formatPrediction(unreadable, 2, plainStyle)).toEqual([]);
});

it('prints JSON with full precision, and errors as objects', () => {
  expect(JSON.stringify(predictionToJson(prediction, 1))).toBe(
    '{"image":"photos/a.jpg","branches":{"genres":{"kind":"labels","labels":[{"label":"Drama","score":0.91249,"threshold":0.5,"chosen":true}]},' +
      '"novelty":{"kind":"novelty","score":-12.3456,"threshold":-1,"normal":false,"probability":null,"of":null},' +
      '"belongs":{"kind":"novelty","score":0.5,"threshold":0,"normal":true,"probability":0.875,"of":null}}}',
  );
  expect(JSON.stringify(predictionToJson(unreadable, 1))).toBe(
    '{"image":"photos/a.jpg","error":{"code":"KINDRED_IMAGE_EMPTY","message":"It is empty.","path":"photos/a.jpg","hint":"Copy it again."}}',
  );
});

it('prints the nearest names of a gallery with their distances, or that there are none', () => {
  const matches = [
    { name: 'Ada\tL', distance: 0.31234, same: true },
    { name: 'Bob', distance: 1.5, same: false },
    { name: 'Eve', distance: 2, same: false },
  ];
  const matched: Prediction = {
    sample,
    branches: {
      faces: { kind: 'match', matches, threshold: 0.8 },
      hands: { kind: 'match', matches: [], threshold: 1 },
    },
  };
  expect(formatPrediction(matched, 2, plainStyle)).toEqual([
    'photos/a.jpg\tfaces\t+Ada�L 0.312\t-Bob 1.500',
    'photos/a.jpg\thands\t-',
  ]);
  expect(JSON.stringify(predictionToJson(matched, 1))).toBe(
    '{"image":"photos/a.jpg","branches":{"faces":{"kind":"match","matches":[{"name":"Ada\\tL","distance":0.31234,"same":true}],"threshold":0.8},' +
      '"hands":{"kind":"match","matches":[],"threshold":1}}}',
  );
});
