/**
 * Runs two models on the same inputs and says whether they agree. It is a process of its own because a node that
 * onnxruntime does not expect may end the process. Plain JavaScript, so that the same file runs from the sources and
 * from the build.
 *
 * @import { ProbeRequest } from './probe.js'
 */
import { env, InferenceSession, Tensor } from 'onnxruntime-node';

env.logLevel = 'fatal';

/** Sums in another order differ by some units in the last place; a wrong order of channels by the numbers' own size. */
const TOLERANCE = 1e-4;

/** @type {(model: Uint8Array, inputs: ProbeRequest['inputs']) => Promise<InferenceSession.OnnxValueMapType>} */
async function run(model, inputs) {
  const options = /** @type {const} */ ({ executionProviders: ['cpu'], intraOpNumThreads: 1, logSeverityLevel: 4 });
  const session = await InferenceSession.create(model, options);
  const feeds = Object.entries(inputs).map(([name, { dtype, data, shape }]) => [name, new Tensor(dtype, data, shape)]);
  return session.run(/** @type {Record<string, Tensor>} */ (Object.fromEntries(feeds)));
}

/** @type {(a: Float32Array, b: Float32Array) => boolean} */
function close(a, b) {
  const scale = a.reduce((greatest, value) => Math.max(greatest, Math.abs(value)), 0);
  return a.length === b.length && a.every((value, i) => Math.abs(value - Number(b[i])) <= TOLERANCE * scale);
}

process.once('message', async (/** @type {ProbeRequest} */ { plain, blocked, inputs }) => {
  const [expected, actual] = [await run(plain, inputs), await run(blocked, inputs)];
  const data = (/** @type {unknown} */ value) => /** @type {Float32Array} */ (/** @type {Tensor} */ (value).data);
  const agree = Object.entries(expected).every(([name, value]) => close(data(value), data(actual[name])));
  process.send?.({ agree }, () => process.disconnect());
});
