import { createHash } from 'node:crypto';
import path from 'node:path';

import type { NdArrays, RunOptions } from '@kindred/core';

import { failure } from '../runtime/model.js';
import { packAll } from '../runtime/wire.js';
import { WorkerPool } from '../runtime/worker-pool.js';
import type { WorkerThread } from '../runtime/worker-thread.js';
import type { InputSpecs } from '../trace/input-specs.js';

import { checkModel } from './check-model.js';
import { readExternalData, readWhole, type DataFile } from './external-data.js';
import { LIMITS } from './limits.js';
import { Flaw, modelError } from './model-error.js';
import { assertInputs, inputValues, outputValues, trialSpecs, type OnnxModelValue } from './model-values.js';
import { parseModel } from './parse-model.js';
import { hasPassed, rememberPass, trialKey } from './remembered-trials.js';
import { tryModel, type TrialLimits } from './trial.js';

export interface OnnxModelOptions {
  /** Threads that run the model side by side. Default 1. */
  readonly workers?: number;
  /** Processors for each. Default 1. */
  readonly threads?: number;
  /** Sizes of named dimensions for the trial, where 1 does not do: `{ height: 224, width: 224 }`. */
  readonly sizes?: Readonly<Record<string, number>>;
  readonly trial?: TrialLimits & {
    /** A folder in which trials that passed are remembered by the model's hash, so that they are not repeated. */
    readonly rememberIn?: string;
  };
  readonly signal?: AbortSignal;
}

/** A model from elsewhere, checked, tried and loaded. */
export interface OnnxModel {
  readonly inputs: readonly OnnxModelValue[];
  /** Those that Kindred has an array type for. */
  readonly outputs: readonly OnnxModelValue[];
  /** SHA-256 of the model and the files in which it keeps tensors. */
  readonly sha256: string;
  /**
   * Runs once, in a thread of its own. Inputs' buffers stay the caller's.
   * @throws KINDRED_ENGINE_INPUT, KINDRED_ENGINE_RUN, KINDRED_ENGINE_WORKER; the signal's reason on abort
   */
  run(inputs: NdArrays, options?: RunOptions): Promise<NdArrays>;
  dispose(): Promise<void>;
}

/** What a worker loads, in the pool's words. */
interface ExternalModel {
  readonly program: { readonly name: string };
  readonly specs: InputSpecs;
  readonly session: number;
  readonly constantBytes: number;
  readonly bytes: Uint8Array;
  readonly data: readonly DataFile[];
}

/**
 * Opens an ONNX file that came from anywhere. The native runtime trusts what it reads and may crash on it, so the file is
 * checked first (versions, operators, edges, tensors against their bytes, files in its own folder only), then loaded and run once on
 * zeros in a process of its own that is given limited time and memory, and only then loaded here.
 * @param source a path, or the file's bytes, which must then hold all tensors themselves
 * @throws KINDRED_ENGINE_MODEL; KINDRED_ENGINE_WORKER; the signal's reason on abort
 */
export async function openOnnxModel(source: string | Uint8Array, options: OnnxModelOptions = {}): Promise<OnnxModel> {
  const name = typeof source === 'string' ? source : 'the given bytes';
  try {
    return await openChecked(source, name, options);
  } catch (error) {
    if (!(error instanceof Flaw)) throw error;
    throw modelError(name, error.must, error.received, { hint: error.hint, cause: error.cause });
  }
}

async function openChecked(source: string | Uint8Array, name: string, options: OnnxModelOptions): Promise<OnnxModel> {
  const { workers = 1, threads = 1, sizes = {}, trial = {}, signal } = options;
  signal?.throwIfAborted();
  const bytes = typeof source === 'string' ? await readWhole(source, LIMITS.bytes, 'the file') : source.slice();
  const checked = checkModel(parseModel(bytes));
  const inputs = inputValues(checked.inputs);
  const outputs = outputValues(checked.outputs);
  const data = await readExternalData(typeof source === 'string' ? path.dirname(source) : undefined, checked.external);

  const request = {
    model: bytes,
    data,
    inputs: trialSpecs(inputs, sizes),
    outputs: outputs.map((output) => output.name),
  };
  const key = trialKey(request);
  const { rememberIn } = trial;
  if (rememberIn === undefined || !(await hasPassed(rememberIn, key))) {
    await tryModel(request, trial, signal);
    if (rememberIn !== undefined) await rememberPass(rememberIn, key);
  }

  const pool = new WorkerPool<ExternalModel>(workers, threads, load);
  const constantBytes = data.reduce((sum, file) => sum + file.data.byteLength, bytes.byteLength);
  const model: ExternalModel = { program: { name }, specs: request.inputs, session: 0, constantBytes, bytes, data };
  return {
    inputs,
    outputs,
    sha256: hashOf(bytes, data),
    async run(given, { signal: stop } = {}) {
      stop?.throwIfAborted();
      assertInputs(name, inputs, given);
      const feeds = packAll(given, Object.keys(request.inputs), (input) => input);
      return pool.run(model, feeds, request.outputs, { signal: stop });
    },
    dispose: () => pool.close(),
  };
}

async function load(thread: WorkerThread, model: ExternalModel, threads: number): Promise<void> {
  const { bytes, data, session } = model;
  try {
    // Copied to the thread, which frees its copy: another thread may need them as well.
    await thread.request({ type: 'load', session, model: bytes, data, threads, updates: [] });
  } catch (error) {
    throw failure('KINDRED_ENGINE_COMPILE', model, 'be accepted by onnxruntime', error);
  }
}

function hashOf(bytes: Uint8Array, data: readonly DataFile[]): string {
  const hash = createHash('sha256').update(bytes);
  for (const file of data) hash.update(file.data);
  return hash.digest('hex');
}
