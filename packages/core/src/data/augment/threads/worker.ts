/** A thread that decodes images and changes them. */
import { parentPort, workerData } from 'node:worker_threads';

import { isKindredError, KindredError } from '../../../errors/kindred-error.js';
import { bind, type Bound } from '../../../plugin/bound.js';
import { checkPlugin } from '../../../plugin/check-plugin.js';
import type { Plugin } from '../../../plugin/contract.js';
import { createRegistry } from '../../../plugin/registry.js';
import { decodeImage } from '../../decode/decode-image.js';
import { augmentImage } from '../augment.js';

import type { Job, Message, Reply, Setup } from './protocol.js';
import { packError } from './wire-error.js';

const { modules, references, spec, limitInputPixels } = workerData as Setup;

const loading = load();
// Whoever sends a job is told.
loading.catch(() => undefined);

parentPort?.on('message', (message: Message) => void answer(message));

async function load(): Promise<readonly Bound<'augmentation'>[]> {
  const registry = createRegistry(await Promise.all(modules.map(importPlugin)));
  return references.map((reference) => bind(registry, 'augmentation', reference));
}

/** It loaded once before, in the main thread, where its API version was checked. */
async function importPlugin(url: string): Promise<Plugin> {
  const module = (await import(url).catch((cause: unknown) => {
    throw new KindredError('KINDRED_PLUGIN_FAILED', {
      message: `A plugin with augmentations must load in worker threads too. ${url} threw there: ${cause instanceof Error ? cause.message : String(cause)}`,
      path: url,
      hint: 'This is an error in the plugin: tell its author.',
      cause,
    });
  })) as { default?: unknown };
  return checkPlugin(url, module.default);
}

async function answer({ id, job }: Message): Promise<void> {
  try {
    const pixels = movable(await pixelsOf(job));
    parentPort?.postMessage({ id, pixels } satisfies Reply, [pixels.buffer]);
  } catch (error) {
    parentPort?.postMessage({ id, ...described(error) } satisfies Reply);
  }
}

async function pixelsOf({ bytes, seed, location }: Job): Promise<Uint8Array> {
  const augmentations = await loading;
  const image = await decodeImage(bytes, spec, { location, limitInputPixels });
  return augmentImage(augmentations, image, seed).data;
}

/** Alone in its buffer: Node's own buffers may share theirs, or be native memory that cannot be moved. */
function movable(data: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = data.buffer instanceof ArrayBuffer && data.byteLength === data.buffer.byteLength;
  return whole && !Buffer.isBuffer(data) ? (data as Uint8Array<ArrayBuffer>) : new Uint8Array(data);
}

function described(error: unknown) {
  if (isKindredError(error)) return { failure: packError(error) };
  return { bug: error instanceof Error ? error : new Error(String(error)) };
}
