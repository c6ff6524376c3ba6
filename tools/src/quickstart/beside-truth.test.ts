import { expect, it } from 'vitest';

import { besideTruth } from './beside-truth.js';

it('shows chosen labels beside the truth, and why an image could not be read', () => {
  const output = [
    {
      image: 'a/one.jpg',
      branches: { main: { kind: 'labels', labels: [{ label: 'Drama', score: 0.914, threshold: 0.4, chosen: true }] } },
    },
    {
      image: 'a/two.jpg',
      branches: { main: { kind: 'labels', labels: [{ label: 'Drama', score: 0.1, threshold: 0.4, chosen: false }] } },
    },
    { image: 'a/three.jpg', error: { code: 'KINDRED_IMAGE_EMPTY', message: 'It is empty.' } },
  ];
  const unseen = ['one', 'two', 'three'].map((name) => ({ file: `/a/${name}.jpg`, genres: ['Drama', 'Western'] }));
  expect(besideTruth(`${output.map((line) => JSON.stringify(line)).join('\n')}\n`, unseen)).toEqual([
    '  poster     tagged        truly',
    '  one.jpg    Drama 0.91    Drama, Western',
    '  two.jpg    (no genre)    Drama, Western',
    '  three.jpg  It is empty.  Drama, Western',
  ]);
});
