/**
 * A process of its own that runs a small model on one device and says what came out: a driver that fails may end the
 * process, and writes on its stderr. Plain JavaScript, so that the same file runs from the sources and from the build.
 *
 * @import { DeviceProbeRequest } from './probe.js'
 */
import { env, InferenceSession, Tensor } from 'onnxruntime-node';

env.logLevel = 'fatal';
const FATAL = 4;

process.once('message', async (/** @type {DeviceProbeRequest} */ { model, device, input }) => {
  try {
    const session = await InferenceSession.create(model, { executionProviders: [device], logSeverityLevel: FATAL });
    const { output } = await session.run({ input: new Tensor('float32', input, [input.length]) });
    reply({ output: /** @type {Float32Array} */ (output?.data) });
  } catch (error) {
    reply({ failure: error instanceof Error ? error.message : String(error) });
  }
});

/** @type {(answer: import('./probe.js').DeviceProbeAnswer) => void} */
function reply(answer) {
  process.send?.(answer, () => process.disconnect());
}
