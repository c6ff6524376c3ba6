/**
 * A worker thread that owns onnxruntime sessions. It is plain JavaScript so that the same file runs from the sources and
 * from the build.
 *
 * @import { Message, Reply, Request, WireArray } from './protocol.js'
 * @import { TransferListItem } from 'node:worker_threads'
 */
import { MessageChannel, parentPort, workerData } from 'node:worker_threads';

import { env, InferenceSession, Tensor } from 'onnxruntime-node';

import { share, sharedFeeds } from './means.mjs';

// Failures arrive as exceptions; the native log would only repeat them on stderr.
env.logLevel = 'fatal';
const FATAL = 4;

/** Says what this thread is doing (ACTIVITY in exit-guard.ts): the process does not end while it is inside of native code. */
const activity = /** @type {Int32Array} */ (workerData);
const IDLE = 0;
const NATIVE = 1;
/** @type {(now: number) => void} */
function tell(now) {
  Atomics.store(activity, 0, now);
  Atomics.notify(activity, 0);
}
// Until now, native code was being loaded.
tell(IDLE);

/** @type {<T>(call: () => Promise<T>) => Promise<T>} */
async function natively(call) {
  tell(NATIVE);
  try {
    return await call();
  } finally {
    tell(IDLE);
  }
}

/** @type {Map<number, { session: InferenceSession, updates: readonly string[] }>} */
const sessions = new Map();
/**
 * Variables as the last run left them. onnxruntime-node returns outputs as copies in memory of their own, also where memory is given
 * for them: so a copy becomes the variable, which is then fed without another.
 * @type {Map<string, Tensor>}
 */
const variables = new Map();
/**
 * Of those that the last run changed, the values before it.
 * @type {Map<string, Tensor>}
 */
let before = new Map();

/** @type {(request: Request) => Promise<Record<string, WireArray>>} */
async function handle(request) {
  switch (request.type) {
    case 'load':
      sessions.set(request.session, { session: await createSession(request), updates: request.updates });
      return {};
    case 'run':
      return run(request);
    case 'release':
      await release(request.session);
      return {};
    case 'write':
      for (const [name, array] of Object.entries(request.variables)) variables.set(name, tensor(array));
      before.clear();
      return {};
    case 'read':
      return Object.fromEntries([...variables].map(([name, value]) => [name, copyOf(value)]));
    case 'undo':
      for (const [name, value] of before) variables.set(name, value);
      before.clear();
      return {};
    case 'end':
      for (const session of sessions.keys()) await release(session);
      // Nothing is left to wait for: the thread ends.
      parentPort?.close();
      return {};
  }
}

/** @type {(id: number) => Promise<void>} */
async function release(id) {
  const loaded = sessions.get(id);
  sessions.delete(id);
  if (loaded) await natively(() => loaded.session.release());
}

/** @type {(request: import('./protocol.js').LoadRequest) => Promise<InferenceSession>} */
function createSession({ model, data = [], threads, device = 'cpu', spinning = false, wideProducts = false }) {
  const options = /** @type {const} */ ({
    executionProviders: device === 'cpu' ? ['cpu'] : [device, 'cpu'],
    graphOptimizationLevel: 'all',
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // An empty list would be looked through for nothing.
    ...(data.length > 0 && { externalData: data.map(({ path, data: bytes }) => ({ path, data: bytes })) }),
    logSeverityLevel: FATAL,
    extra: {
      session: {
        // Threads that spin while they wait take the processor from other workers, but start their share of a node sooner.
        intra_op: { allow_spinning: spinning ? '1' : '0' },
        force_spinning_stop: '1',
        x64quantprecision: wideProducts ? '1' : '0',
      },
    },
  });
  return natively(() => InferenceSession.create(model, options)).finally(() => free([model]));
}

/** Smaller buffers are left to garbage collection. */
const WORTH_FREEING = 65536;

/**
 * Gives arrays' memory back now, for garbage collection may leave 100 MB for minutes, and fresh memory costs a training step as
 * much as its arithmetic on it. Moving buffers through a closed channel drops them.
 * @type {(arrays: readonly Tensor['data'][]) => void}
 */
function free(arrays) {
  const buffers = arrays.map((data) => /** @type {ArrayBuffer} */ (/** @type {Float32Array} */ (data).buffer));
  const large = buffers.filter((buffer) => buffer.byteLength >= WORTH_FREEING);
  if (large.length === 0) return;
  const { port1, port2 } = new MessageChannel();
  port2.close();
  port1.postMessage(null, large);
  port1.close();
}

/** @type {(request: import('./protocol.js').RunRequest) => Promise<Record<string, WireArray>>} */
async function run({ session: id, feeds, variables: reads, outputs, share: target, areas }) {
  const loaded = sessions.get(id);
  if (!loaded) throw new Error('the session is not loaded');
  /** @type {Record<string, Tensor>} */
  const inputs = {};
  for (const [name, array] of Object.entries(feeds)) inputs[name] = tensor(array);
  if (areas) for (const [name, array] of Object.entries(sharedFeeds(areas))) inputs[name] = tensor(array);
  for (const name of reads) inputs[`variable:${name}`] = variable(name);
  const fetches = [...outputs, ...loaded.updates.map((name) => `update:${name}`)];
  /** @type {Record<string, Tensor>} */
  const results = fetches.length === 0 ? {} : await natively(() => loaded.session.run(inputs, fetches));
  update(loaded.updates.map((name) => [name, /** @type {Tensor} */ (results[`update:${name}`])]));
  if (target) {
    const floats = outputs.map((name) => /** @type {Float32Array} */ (results[name]?.data));
    share(target, floats);
    free(floats);
    return {};
  }
  return Object.fromEntries(outputs.map((name) => [name, wire(/** @type {Tensor} */ (results[name]))]));
}

/** @type {(name: string) => Tensor} */
function variable(name) {
  const known = variables.get(name);
  if (!known) throw new Error(`the variable ${name} has no value`);
  return known;
}

/** @type {(values: readonly [name: string, value: Tensor][]) => void} */
function update(values) {
  free([...before.values()].map(({ data }) => data));
  before = new Map(values.map(([name]) => [name, variable(name)]));
  for (const [name, value] of values) variables.set(name, value);
}

/** @type {(array: WireArray) => Tensor} */
const tensor = ({ dtype, data, shape }) => new Tensor(dtype, data, shape);

/** @type {(value: Tensor) => WireArray} */
const wire = ({ type, data, dims }) => /** @type {WireArray} */ ({ dtype: type, data, shape: dims });

/** @type {(value: Tensor) => WireArray} */
const copyOf = ({ type, data, dims }) =>
  /** @type {WireArray} */ ({ dtype: type, data: /** @type {Float32Array} */ (data).slice(), shape: dims });

/** One request after another, in their order. */
let last = Promise.resolve();

parentPort?.on('message', (/** @type {Message} */ { id, request }) => {
  last = last.then(async () => {
    try {
      const arrays = await handle(request);
      reply(
        { id, arrays },
        Object.values(arrays).map(({ data }) => /** @type {ArrayBuffer} */ (data.buffer)),
      );
    } catch (error) {
      reply({ id, failure: error instanceof Error ? error.message : String(error) });
    }
  });
});

/** @type {(message: Reply, transfer?: TransferListItem[]) => void} */
function reply(message, transfer = []) {
  parentPort?.postMessage(message, transfer);
}
