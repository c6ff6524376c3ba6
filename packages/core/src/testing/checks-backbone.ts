import { isDeepStrictEqual } from 'node:util';

import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';

import { createRandom } from '../context/random.js';
import type { Backbone, BackboneModel, Mode, Weights } from '../plugin/contract.js';
import type { NamedTensors } from '../plugin/engine-contract.js';
import { float32, sizeOf, type NdArray } from '../tensor/nd-array.js';
import { prepareTfGradients, toTensor } from '../tensor/tf-runtime.js';

import { expectThat, type Check } from './check.js';
import { createTestContext } from './test-context.js';
import { firstRead } from './without-reading.js';

/**
 * What every backbone must do. Networks run eagerly in plain JavaScript here: give options that keep images small.
 */
export const backboneChecks: readonly Check<Backbone>[] = [
  {
    name: 'create leaves its options unchanged and gives the same fingerprint for the same options',
    async run(backbone, options) {
      const filled = fill(backbone, options);
      const models = [await create(backbone, filled), await create(backbone, filled)];
      expectThat(isDeepStrictEqual(filled, fill(backbone, options)), {
        expected: 'create must leave its options as they were.',
        seen: 'they changed',
        fix: 'Copy before you change.',
      });
      expectThat(models[0]!.fingerprint === models[1]!.fingerprint && models[0]!.fingerprint !== '', {
        expected: 'The fingerprint must be the same whenever weights, preprocessing and tap are.',
        seen: models.map(({ fingerprint }) => `"${fingerprint}"`).join(' and '),
        fix: 'Hash the content of weights and options alone: no time, no path, no random number.',
      });
    },
  },
  {
    name: 'options that give other features give another fingerprint',
    async run(backbone, options) {
      const seen = new Map<string, { what: string; model: BackboneModel }>();
      for (const [what, changed] of [['the options given', options] as const, ...otherChoices(backbone, options)]) {
        const model = await create(backbone, fill(backbone, changed));
        const twin = seen.get(model.fingerprint);
        expectThat(twin === undefined || (await giveTheSame(model, twin.model)), {
          expected:
            'Backbones of the same fingerprint must give the same features, for it is the key they are stored under.',
          seen: `other features for ${what} than for ${twin?.what}`,
          fix: 'Put every option that changes features into the hash.',
        });
        seen.set(model.fingerprint, { what, model });
      }
    },
  },
  {
    name: 'init gives the same weights for the same seed, bit for bit, each as large as its shape',
    async run(backbone, options) {
      const { network, trainable } = await create(backbone, fill(backbone, options));
      const weights = network.init(createRandom(7));
      expectThat(isDeepStrictEqual(weights, network.init(createRandom(7))), {
        expected: 'Two calls of init with the same random stream must give the same weights.',
        seen: 'weights that differ',
        fix: 'Draw from the random stream that init is handed, and from nothing else.',
      });
      const odd = Object.entries(weights).find(([, { value }]) => value.data.length !== sizeOf(value.shape));
      expectThat(odd === undefined, {
        expected: 'Every weight must hold as many values as its shape says.',
        seen: `${odd?.[0]}: [${odd?.[1].value.shape.join(', ')}] with ${odd?.[1].value.data.length} values`,
        fix: 'Build weights with float32(shape, data).',
      });
      const trained = trainableOf(weights);
      expectThat(trainable === trained.length > 0, {
        expected: 'A trainable backbone must have trainable weights, a frozen one none.',
        seen: `trainable: ${trainable}, with ${trained.length} trainable weights`,
        fix: 'Mark the weights of a frozen backbone with trainable: false.',
      });
    },
  },
  {
    name: 'forward gives one row of D finite numbers for each image',
    async run(backbone, options) {
      const model = await create(backbone, fill(backbone, options));
      for (const images of [1, 2]) {
        const { shape, data } = await forward(model, pixels(model, images));
        expectThat(isDeepStrictEqual(shape, [images, model.features]), {
          expected: `forward must give [${images}, ${model.features}] for ${images} images: \`features\` of them a row.`,
          seen: `[${shape.join(', ')}]`,
          fix: 'Flatten or average what has a height and a width, and state its length as `features`.',
        });
        expectThat(data.every(Number.isFinite), {
          expected: 'forward must give finite numbers for pixels from 0 to 255.',
          seen: `${data.find((value) => !Number.isFinite(value))}`,
          fix: 'Guard divisions and logarithms against zero.',
        });
      }
    },
  },
  {
    name: "forward gives features that differ between images and do not depend on an image's neighbours",
    async run(backbone, options) {
      const model = await create(backbone, fill(backbone, options));
      const both = pixels(model, 2);
      const { data } = await forward(model, both);
      const rows = [data.slice(0, model.features), data.slice(model.features)];
      expectThat(!close(rows[0]!, rows[1]!), {
        expected: 'Images that differ must get features that differ.',
        seen: 'the same row for two random images',
        fix: 'Look for activations that die: a rectifier behind large negative biases, inputs that are not scaled.',
      });
      for (const [i, expected] of rows.entries()) {
        const size = both.data.length / 2;
        const shape = [1, ...both.shape.slice(1)];
        const alone = await forward(model, { dtype: 'uint8', shape, data: both.data.slice(i * size, (i + 1) * size) });
        expectThat(close(alone.data, expected), {
          expected: 'Outside of training an image must get the same feature whichever images it is computed with.',
          seen: `another feature for image ${i} alone`,
          fix: 'Normalize by stored averages unless mode.training.',
        });
      }
    },
  },
  {
    name: 'forward does not read the values of its tensors',
    async run(backbone, options) {
      const model = await create(backbone, fill(backbone, options));
      const read = await forwardWithoutReading(model);
      expectThat(read === undefined, {
        expected: 'forward must not read values: an engine records it once, and runs the record.',
        seen: `a call of ${read}()`,
        fix: 'Express it with tfjs ops: tf.where for a choice, tf.sum for a sum.',
      });
    },
  },
  {
    name: 'every trainable weight gets a finite gradient',
    async run(backbone, options) {
      const model = await create(backbone, fill(backbone, options));
      if (!model.trainable) return;
      const { missing, infinite } = await gradients(model);
      expectThat(missing.length + infinite.length === 0, {
        expected: 'Every trainable weight must take part in forward, and get a finite gradient.',
        seen: `none for [${missing.join(', ')}], not finite for [${infinite.join(', ')}]`,
        fix: 'Mark weights that are not trained with trainable: false.',
      });
    },
  },
  {
    name: 'a stem has no weights to train, gives what it states, and has a fingerprint of its own',
    run: (backbone, options) => checkStem(backbone, options),
  },
];

async function checkStem(backbone: Backbone, options: object = {}): Promise<void> {
  const model = await create(backbone, fill(backbone, options));
  const { stem } = model;
  if (!stem) return;
  const trained = trainableOf(stem.network.init(createRandom(1)));
  expectThat(model.trainable && trained.length === 0, {
    expected: 'The stem of a backbone that is trained must have frozen weights alone.',
    seen: `trainable: ${model.trainable}, and in the stem [${trained.join(', ')}]`,
    fix: 'Mark its weights with trainable: false; leave the stem out where nothing is trained.',
  });
  await prepareTfGradients();
  const shape = tf.tidy(() => beforeNetwork(model, pixels(model, 2)).shape);
  expectThat(isDeepStrictEqual(shape, [2, ...stem.shape]), {
    expected: `The stem must give [2, ${stem.shape.join(', ')}] for two images, as its \`shape\` says.`,
    seen: `[${shape.join(', ')}]`,
    fix: 'State the shape for one image, without the batch.',
  });
  const other = await create(backbone, fill(backbone, options));
  expectThat(stem.fingerprint === other.stem?.fingerprint && stem.fingerprint !== model.fingerprint, {
    expected: "A stem's fingerprint must be the same for the same options, and not the backbone's.",
    seen: `"${stem.fingerprint}" and "${other.stem?.fingerprint}", beside "${model.fingerprint}"`,
    fix: 'Hash its weights, its preprocessing and where it ends.',
  });
}

const fill = (backbone: Backbone, options: object = {}): unknown => backbone.options.parse(options);
const create = (backbone: Backbone, filled: unknown): Promise<BackboneModel> =>
  backbone.create(filled, createTestContext());
const trainableOf = (weights: Weights): string[] =>
  Object.keys(weights).filter((name) => weights[name]?.trainable !== false);

/** The options with another choice for each one that is one of several words. */
function otherChoices(backbone: Backbone, options: object = {}): [what: string, options: object][] {
  const { properties = {} } = z.toJSONSchema(backbone.options, { unrepresentable: 'any', io: 'input' });
  const now = fill(backbone, options) as Readonly<Record<string, unknown>>;
  return Object.entries(properties).flatMap(([name, schema]): [string, object][] => {
    const choices = (typeof schema === 'object' && schema.enum) || [];
    return choices
      .filter((choice) => choice !== now[name])
      .map((choice) => [`${name}: "${String(choice)}"`, { ...options, [name]: choice }]);
  });
}

async function giveTheSame(one: BackboneModel, other: BackboneModel): Promise<boolean> {
  if (!isDeepStrictEqual([one.input, one.features], [other.input, other.features])) return false;
  return isDeepStrictEqual(await forward(one, pixels(one, 1)), await forward(other, pixels(other, 1)));
}

/** Random pixels for `images` images, as an engine gets them. */
function pixels({ input: { width, height, channels } }: BackboneModel, images: number): NdArray<'uint8'> {
  const random = createRandom(3);
  const shape = [images, height, width, channels];
  return { dtype: 'uint8', shape, data: Uint8Array.from({ length: sizeOf(shape) }, () => random.integer(256)) };
}

const inference: Mode = { training: false, dropout: (x) => x, update: () => undefined };

async function forward(model: BackboneModel, images: NdArray<'uint8'>): Promise<NdArray<'float32'>> {
  await prepareTfGradients();
  const { network } = model;
  const results: NdArray<'float32'>[] = [];
  tf.tidy(() => {
    const y = network.forward(tensorsOf(network.init(createRandom(1))), beforeNetwork(model, images), inference);
    results.push(float32(y.shape, y.dataSync<'float32'>().slice()));
  });
  return results[0]!;
}

/** What the network gets of images: what the stem makes of them, if there is one. */
function beforeNetwork({ stem }: BackboneModel, images: NdArray<'uint8'>): tf.Tensor {
  const x = toTensor(images);
  return stem ? stem.network.forward(tensorsOf(stem.network.init(createRandom(1))), x, inference) : x;
}

function tensorsOf(weights: Weights): NamedTensors {
  return Object.fromEntries(Object.entries(weights).map(([name, { value }]) => [name, toTensor(value)]));
}

/** The name of the first method by which forward read a tensor, if it did. */
async function forwardWithoutReading(model: BackboneModel): Promise<string | undefined> {
  await prepareTfGradients();
  let read: string | undefined;
  tf.tidy(() => {
    const weights = tensorsOf(model.network.init(createRandom(1)));
    read = firstRead(() => model.network.forward(weights, beforeNetwork(model, pixels(model, 1)), inference));
  });
  return read;
}

/** Trainable weights that get no gradient in a training pass, or one that is not finite. */
async function gradients(model: BackboneModel): Promise<{ missing: string[]; infinite: string[] }> {
  await prepareTfGradients();
  const weights = model.network.init(createRandom(1));
  const trained = trainableOf(weights);
  const missing: string[] = [];
  const infinite: string[] = [];
  tf.tidy(() => {
    const tensors = tensorsOf(weights);
    const variables = new Map(trained.map((name) => [name, tf.variable(tensors[name]!)]));
    const x = beforeNetwork(model, pixels(model, 2));
    const loss = (): tf.Scalar => {
      const given = { ...tensors, ...Object.fromEntries(variables) };
      return tf.sum(tf.square(model.network.forward(given, x, { ...inference, training: true })));
    };
    const { grads } = tf.variableGrads(loss, [...variables.values()]);
    for (const [name, variable] of variables) {
      const gradient = grads[variable.name];
      if (gradient === undefined || gradient === null) missing.push(name);
      else if (!gradient.dataSync<'float32'>().every(Number.isFinite)) infinite.push(name);
      variable.dispose();
    }
  });
  return { missing, infinite };
}

/** Equal up to the order of float32 additions. */
function close(one: ArrayLike<number>, other: ArrayLike<number>): boolean {
  return Array.from(one).every((value, i) => Math.abs(value - other[i]!) <= 1e-4 * Math.max(1, Math.abs(value)));
}
