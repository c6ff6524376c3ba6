import { open, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { float32, sizeOf, type NdArray } from '@kindred/core';
import { z } from 'zod';

import { invalidWeights, reasonOf } from './errors.js';

/** What a tfjs layers model's folder holds. */
export interface LayersArtifacts {
  /** Keras' description of the layers, as plain JSON. */
  readonly topology: object;
  /** By the names in model.json; all of them are views of `buffer`. */
  readonly weights: Readonly<Record<string, NdArray<'float32'>>>;
  readonly json: Uint8Array;
  readonly buffer: Uint8Array;
}

const modelSchema = z.object({
  modelTopology: z.looseObject({}),
  weightsManifest: z.array(
    z.object({
      paths: z.array(z.string()),
      weights: z.array(
        z.strictObject({
          name: z.string(),
          shape: z.array(z.int().nonnegative()),
          // Neither integer nor quantized weights: none of the supported models has them.
          dtype: z.literal('float32'),
        }),
      ),
    }),
  ),
});

/**
 * Reads model.json and its weight shards in `folder`. All weights lie in one buffer, and each array is a view of it: they
 * are in memory once.
 * @throws KINDRED_WEIGHTS_INVALID if a file is missing, short or not what it should be
 */
export async function readLayersArtifacts(folder: string): Promise<LayersArtifacts> {
  const path = join(folder, 'model.json');
  const json = await readFile(path).catch((cause: unknown) => {
    throw invalidWeights(path, `the file cannot be read: ${reasonOf(cause).message}.`, { cause });
  });
  const model = parseModel(path, json);

  const specs = model.weightsManifest.flatMap((group) => group.weights);
  const shards = model.weightsManifest.flatMap((group) => group.paths);
  const buffer = await readShards(folder, shards, 4 * specs.reduce((sum, { shape }) => sum + sizeOf(shape), 0));

  const weights: Record<string, NdArray<'float32'>> = {};
  let offset = 0;
  for (const { name, shape } of specs) {
    weights[name] = float32(shape, new Float32Array(buffer.buffer, offset, sizeOf(shape)));
    offset += 4 * sizeOf(shape);
  }
  return { topology: model.modelTopology, weights, json, buffer };
}

function parseModel(path: string, json: Buffer): z.output<typeof modelSchema> {
  try {
    return modelSchema.parse(JSON.parse(json.toString('utf8')));
  } catch (cause) {
    const problem = cause instanceof z.ZodError ? z.prettifyError(cause) : reasonOf(cause).message;
    throw invalidWeights(path, `it must describe a tfjs layers model with float32 weights. ${problem}`, { cause });
  }
}

/** The shards' bytes, one after another, in one buffer of exactly `expected` bytes. */
async function readShards(folder: string, names: readonly string[], expected: number): Promise<Uint8Array> {
  const sizes = await Promise.all(names.map((name) => shardSize(folder, name)));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total !== expected) throw invalidWeights(folder, sizeProblem(names, sizes, expected, total));

  const bytes = new Uint8Array(expected);
  let offset = 0;
  await Promise.all(
    names.map((name, i) => {
      const view = bytes.subarray(offset, (offset += sizes[i] as number));
      return readInto(join(folder, name), view);
    }),
  );
  return bytes;
}

async function shardSize(folder: string, name: string): Promise<number> {
  const path = join(folder, name);
  // A model.json from elsewhere must not make us read other files.
  if (basename(name) !== name) throw invalidWeights(path, 'a shard must lie beside model.json.');
  try {
    return (await stat(path)).size;
  } catch (cause) {
    throw invalidWeights(path, `the shard cannot be read: ${reasonOf(cause).message}.`, { cause });
  }
}

function sizeProblem(names: readonly string[], sizes: readonly number[], expected: number, total: number): string {
  // A converter makes all shards but the last equally large, so one that differs is most likely the damaged one.
  const odd = sizes.findIndex((size, i) => i > 0 && i < sizes.length - 1 && size !== sizes[0]);
  const suspect = odd > 0 ? ` ${names[odd]} has ${sizes[odd]} bytes, ${names[0]} has ${sizes[0]}.` : '';
  return `the shards must hold ${expected} bytes together, they hold ${total}.${suspect}`;
}

async function readInto(path: string, view: Uint8Array): Promise<void> {
  const file = await open(path);
  try {
    for (let done = 0; done < view.length;) {
      const { bytesRead } = await file.read(view, done, view.length - done, done);
      if (bytesRead === 0) throw invalidWeights(path, 'the shard became shorter while it was read.');
      done += bytesRead;
    }
  } finally {
    await file.close();
  }
}
