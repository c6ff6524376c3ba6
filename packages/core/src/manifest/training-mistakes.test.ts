import { expect, it } from 'vitest';

import { kindredErrorOf } from '../../test/support/catch-error.js';
import { testRegistry } from '../../test/support/components.js';

import { fillManifest, fillValue } from './fill.js';
import { parseManifest } from './source.js';

const manifest = (learningRateFactors: object) => ({
  kindred: 1,
  name: 'shapes',
  data: { use: 'folder', path: 'images' },
  backbone: 'learner',
  branches: { genres: { head: 'linear' }, novelty: { detector: 'distance' } },
  training: { learningRateFactors },
});

it('a learning rate is of the backbone, or of a branch with a head', () => {
  const factors = { backbone: 0.1, genres: 2 };
  expect(fillValue(manifest(factors), testRegistry).training.learningRateFactors).toEqual(factors);
});

it.each<[string, object, string, string]>([
  ['nobody', { genre: 1 }, 'training.learningRateFactors.genre', 'Did you mean "genres"?'],
  ['a detector', { novelty: 1 }, 'training.learningRateFactors.novelty', 'Known: backbone, genres.'],
  ['the backbone, mistyped', { backbon: 0 }, 'training.learningRateFactors.backbon', 'Did you mean "backbone"?'],
])('a learning rate of %s is a mistake', async (_, factors, path, hint) => {
  const text = JSON.stringify(manifest(factors));
  const { issues } = await kindredErrorOf(() => fillManifest(parseManifest(text, 'm.json'), testRegistry));
  expect(issues).toMatchObject([
    {
      code: 'KINDRED_MANIFEST_VALUE',
      message: expect.stringMatching(
        new RegExp(
          `^m.json:1:\\d+: "${path}" must be the learning rate of the "backbone" or of a branch with a head.$`,
        ),
      ) as string,
      path,
      hint,
    },
  ]);
});
