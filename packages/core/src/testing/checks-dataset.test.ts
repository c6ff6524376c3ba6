import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { plain } from '../../test/support/images.js';
import { tempFolder } from '../../test/support/temp-folder.js';
import { folderDataset } from '../data/folder/folder-dataset.js';
import type { Dataset, Sample } from '../plugin/contract.js';
import { defineDataset } from '../plugin/define.js';

import { runChecks } from './check.js';
import { datasetChecks } from './checks-dataset.js';

const png = await plain([200, 10, 10], 4, 4).png().toBuffer();
const sample = (id: string, changes: Partial<Sample> = {}): Sample => ({
  id,
  labels: ['a'],
  location: `here/${id}`,
  read: () => Promise.resolve(png),
  ...changes,
});
const dataset = (list: () => readonly Sample[]): Dataset =>
  defineDataset({
    name: 'test',
    version: 1,
    summary: 'A test dataset.',
    options: z.strictObject({}),
    load: () => Promise.resolve({ labels: ['a', 'b'], samples: list() }),
  });
const failing = async (component: Dataset, options?: object) =>
  (await runChecks(datasetChecks, component, options))
    .filter(({ error }) => error !== undefined)
    .map(({ name }) => name);

describe('datasetChecks', () => {
  it('pass for a folder of images', async () => {
    const path = await tempFolder({ 'a/1.png': png, 'b/2.png': png });
    expect(await failing(folderDataset, { path })).toEqual([]);
  });

  let calls = 0;
  let reads = 0;
  it.each<[string, Dataset, string]>([
    ['no samples', dataset(() => []), 'gives samples whose ids are unique and not empty'],
    ['an id twice', dataset(() => [sample('1'), sample('1')]), 'gives samples whose ids are unique and not empty'],
    [
      'a label that is not listed',
      dataset(() => [sample('1', { labels: ['c'] })]),
      'gives samples labels out of its list, each once',
    ],
    [
      'a label twice',
      dataset(() => [sample('1', { labels: ['a', 'a'] })]),
      'gives samples labels out of its list, each once',
    ],
    [
      'another order each time',
      dataset(() => (calls++ % 2 ? [sample('1'), sample('2')] : [sample('2'), sample('1')])),
      'gives the same samples and labels in the same order again',
    ],
    [
      'an image that can be read once',
      dataset(() => [sample('1', { read: () => Promise.resolve(reads++ % 2 ? Buffer.alloc(0) : png) })]),
      'reads an image as often as it is asked to, the same bytes each time',
    ],
    [
      'decoded pixels',
      dataset(() => [sample('1', { read: () => Promise.resolve(Buffer.alloc(48, 200)) })]),
      'gives images encoded, not decoded',
    ],
    [
      'an image without a place',
      dataset(() => [sample('1', { location: '' })]),
      'leaves its options unchanged, and says where each image is',
    ],
  ])('find %s', async (_, component, check) => {
    expect(await failing(component)).toContain(check);
  });
});
