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
 * Variables and a second buffer each: a run reads one and writes the other, then they change places.
 * @type {Map<string, { present: Tensor, spare?: Tensor }>}
 */
const variables = new Map();
/**
 * What the last run changed: the second buffers of these hold the values before it.
 * @type {readonly string[]}
 */
let lastUpdates = [];

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
      for (const [name, array] of Object.entries(request.variables)) variables.set(name, { present: tensor(array) });
      lastUpdates = [];
      return {};
    case 'read':
      return Object.fromEntries([...variables].map(([name, { present }]) => [name, copyOf(present)]));
    case 'undo':
      for (const name of lastUpdates) swap(name);
      lastUpdates = [];
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
function createSession({ model, data = [], threads, device = 'cpu', wideProducts = false }) {
  const options = /** @type {const} */ ({
    executionProviders: device === 'cpu' ? ['cpu'] : [device, 'cpu'],
    graphOptimizationLevel: 'all',
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // An empty list would be looked through for nothing.
    ...(data.length > 0 && { externalData: data.map(({ path, data: bytes }) => ({ path, data: bytes })) }),
    logSeverityLevel: FATAL,
    // Threads that spin while they wait take the processor from the other workers.
    extra: { session: { intra_op: { allow_spinning: '0' }, x64quantprecision: wideProducts ? '1' : '0' } },
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
  const buffers = arrays.map(bufferOf);
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
  for (const name of reads) inputs[`variable:${name}`] = variable(name).present;
  /** @type {Record<string, Tensor | null>} */
  const fetches = Object.fromEntries(outputs.map((name) => [name, null]));
  for (const name of loaded.updates) fetches[`update:${name}`] = spare(name);
  const results = Object.keys(fetches).length === 0 ? {} : await natively(() => loaded.session.run(inputs, fetches));
  // What was fetched into given memory comes back once more as a copy.
  free(loaded.updates.flatMap((name) => copyOfUpdate(results[`update:${name}`], name)));
  for (const name of loaded.updates) swap(name);
  lastUpdates = loaded.updates;
  if (target) {
    const floats = outputs.map((name) => /** @type {Float32Array} */ (results[name]?.data));
    share(target, floats);
    free(floats);
    return {};
  }
  return Object.fromEntries(outputs.map((name) => [name, wire(/** @type {Tensor} */ (results[name]))]));
}

/** @type {(name: string) => { present: Tensor, spare?: Tensor }} */
function variable(name) {
  const known = variables.get(name);
  if (!known) throw new Error(`the variable ${name} has no value`);
  return known;
}

/** @type {(name: string) => Tensor} */
function spare(name) {
  const entry = variable(name);
  entry.spare ??= tensor(copyOf(entry.present));
  return entry.spare;
}

/** @type {(result: Tensor | undefined, name: string) => Tensor['data'][]} */
function copyOfUpdate(result, name) {
  return !result || bufferOf(result.data) === bufferOf(spare(name).data) ? [] : [result.data];
}

/** @type {(data: Tensor['data']) => ArrayBuffer} */
const bufferOf = (data) => /** @type {ArrayBuffer} */ (/** @type {Float32Array} */ (data).buffer);

/** @type {(name: string) => void} */
function swap(name) {
  const { present, spare: next } = variable(name);
  if (next) variables.set(name, { present: next, spare: present });
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
