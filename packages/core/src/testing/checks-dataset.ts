import { isDeepStrictEqual } from 'node:util';

import type { Dataset, LoadedDataset } from '../plugin/contract.js';

import { type Check, expectThat } from './check.js';
import { createTestContext } from './test-context.js';

/** What every dataset must do. Give options that lead to a few images: `run(dataset, { path: 'images' })`. */
export const datasetChecks: readonly Check<Dataset>[] = [
  {
    name: 'gives samples whose ids are unique and not empty',
    async run(dataset, options) {
      const { samples } = await load(dataset, options);
      expectThat(samples.length > 0, {
        expected: 'load must give samples.',
        seen: 'none',
        fix: 'Give the check options that lead to some images.',
      });
      const ids = samples.map(({ id }) => id);
      const twice = ids.find((id, i) => id === '' || ids.indexOf(id) !== i);
      expectThat(twice === undefined, {
        expected: 'Every sample must have an id of its own.',
        seen: `"${twice}" again, or empty`,
        fix: 'Use the path below the folder of the data, or a column that is unique.',
      });
    },
  },
  {
    name: 'gives samples labels out of its list, each once',
    async run(dataset, options) {
      const { labels, samples } = await load(dataset, options);
      const lists = [labels, ...samples.map((sample) => sample.labels)];
      const odd = lists.find((list) => new Set(list).size !== list.length || !list.every((l) => labels.includes(l)));
      expectThat(odd === undefined, {
        expected: `Labels must be among ${labels.join(', ')}, each once.`,
        seen: odd?.join(', ') ?? '',
        fix: 'Return all labels as `labels`; drop repetitions.',
      });
    },
  },
  {
    name: 'gives the same samples and labels in the same order again',
    async run(dataset, options) {
      const [one, other] = [await load(dataset, options), await load(dataset, options)].map(outline);
      expectThat(isDeepStrictEqual(one, other), {
        expected: 'Two loads of the same data must give the same, in the same order.',
        seen: 'a difference',
        fix: 'Sort what a file system or a server lists: its order is not fixed.',
      });
    },
  },
  {
    name: 'reads an image as often as it is asked to, the same bytes each time',
    async run(dataset, options) {
      for (const sample of (await load(dataset, options)).samples.slice(0, 3)) {
        const [one, other] = [await sample.read(), await sample.read()];
        expectThat(one.length > 0 && isDeepStrictEqual(Buffer.from(one), Buffer.from(other)), {
          expected: `read() of ${sample.id} must give the bytes of its image each time.`,
          seen: `${one.length} and ${other.length} bytes`,
          fix: 'Open the file or stream anew in every call.',
        });
      }
    },
  },
  {
    name: 'gives images encoded, not decoded',
    async run(dataset, options) {
      for (const sample of (await load(dataset, options)).samples.slice(0, 3)) {
        const head = Buffer.from((await sample.read()).subarray(0, 12)).toString('latin1');
        expectThat(ENCODED.test(head), {
          expected: `read() of ${sample.id} must give a file: JPEG, PNG, WebP, GIF, TIFF or AVIF.`,
          seen: `bytes that begin with ${Buffer.from(head, 'latin1').toString('hex')}`,
          fix: 'Leave decoding to Kindred: it shrinks while it decodes, and keeps to the limit of pixels.',
        });
      }
    },
  },
  {
    name: 'leaves its options unchanged, and says where each image is',
    async run(dataset, options) {
      const filled = dataset.options.parse(options ?? {});
      const { samples } = await dataset.load(filled, createTestContext());
      const unchanged = isDeepStrictEqual(filled, dataset.options.parse(options ?? {}));
      expectThat(unchanged && samples.every(({ location }) => location !== ''), {
        expected: 'load must leave its options as they were, and every sample must have a location.',
        seen: unchanged ? 'a sample without one' : 'options that changed',
        fix: 'Copy before you change; give the path or address of the image as `location`.',
      });
    },
  },
];

/** How the files of the formats that can be decoded begin. */
const ENCODED = /^(\xff\xd8\xff|\x89PNG|RIFF....WEBP|GIF8|II\*\0|MM\0\*|....ftyp)/s;

function load(dataset: Dataset, options: object = {}): Promise<LoadedDataset> {
  return dataset.load(dataset.options.parse(options), createTestContext());
}

function outline({ labels, samples }: LoadedDataset): object {
  return { labels, samples: samples.map(({ id, labels: own, location }) => ({ id, labels: own, location })) };
}
