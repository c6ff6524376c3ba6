/**
 * A process that tries a model: makes a session of it and runs it once on zeros. Whatever happens to this process, the one that
 * started it goes on.
 *
 * @import { TrialRequest } from './trial.js'
 */
import { env, InferenceSession, Tensor } from 'onnxruntime-node';

env.logLevel = 'fatal';
const FATAL = 4;
const ARRAYS = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array, bool: Uint8Array };

/** @type {(request: TrialRequest) => Promise<void>} */
async function attempt({ model, data, inputs, outputs }) {
  const session = await InferenceSession.create(model, {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: FATAL,
    ...(data.length > 0 && { externalData: data.map(({ path, data: bytes }) => ({ path, data: bytes })) }),
  });
  process.send?.({ stage: 'run' });
  /** @type {Record<string, Tensor>} */
  const feeds = {};
  for (const [name, { dtype, shape }] of Object.entries(inputs)) {
    const size = shape.reduce((product, dimension) => product * dimension, 1);
    feeds[name] = new Tensor(dtype, new ARRAYS[dtype](size), shape);
  }
  await session.run(feeds, outputs);
}

process.once('message', (/** @type {TrialRequest} */ request) => {
  attempt(request).then(
    () => process.send?.({ stage: 'done' }, () => process.exit(0)),
    (/** @type {unknown} */ error) =>
      process.send?.({ failure: error instanceof Error ? error.message : String(error) }, () => process.exit(0)),
  );
});
