import { createRequire } from 'node:module';

import * as tf from '@tensorflow/tfjs-core';
import {
  prepareTf,
  prepareTfGradients,
  refuseCalibration,
  type CompileOptions,
  type Engine,
  type Executable,
  type Program,
} from '@kindred/core';

import type { Device } from './device/device.js';
import { chooseLayout, type NchwcOption } from './nchwc/layout-choice.js';
import { createInt8, type CompileRecorded } from './quantize/int8.js';
import { loadModel, type Model } from './runtime/model.js';
import { availableProcessors } from './runtime/processors.js';
import { StatefulExecutable } from './runtime/stateful-executable.js';
import { createStatelessExecutable } from './runtime/stateless-executable.js';
import { describeShards, type ShardsOption } from './sharding/plan.js';
import { closedError, WorkerPool } from './runtime/worker-pool.js';

export interface OnnxEngineOptions {
  /** Threads that run stateless programs side by side. `auto`: one for each processor that this process may use. */
  readonly workers?: 'auto' | number;
  /** Processors for each worker. Default 1: more workers do more than more threads. */
  readonly threads?: number;
  /** Whether convolutions that are trained may run in blocks of channels, where a probe finds them right. Default `auto`. */
  readonly nchwc?: NchwcOption;
  /**
   * Among how many workers each batch of a training step is divided. Default `auto`: by the work of the step and what
   * workers would have to exchange.
   */
  readonly shards?: ShardsOption;
  /**
   * Where programs are computed. A device other than the processor should have been tried out with `chooseDevice`; it has one
   * worker, unless `workers` says more, and neither blocks of channels nor shards. Default `cpu`.
   */
  readonly device?: Device;
}

/**
 * The default engine: records programs as ONNX graphs and runs them with onnxruntime in worker threads. Programs with
 * variables each get workers of their own: one that uses all `workers * threads` processors, or several among which
 * batches are divided.
 */
export function createOnnxEngine({
  workers = 'auto',
  threads = 1,
  nchwc = 'auto',
  shards: wantedShards = 'auto',
  device = 'cpu',
}: OnnxEngineOptions = {}): Engine {
  const onProcessor = device === 'cpu';
  const every = onProcessor ? Math.max(1, Math.floor(availableProcessors() / threads)) : 1;
  const concurrency = workers === 'auto' ? every : workers;
  const shards = onProcessor ? wantedShards : 1;
  const pool = new WorkerPool(concurrency, threads, (thread, model: Model, count) =>
    loadModel(thread, model, { threads: count, device }),
  );
  const layout = chooseLayout(onProcessor ? nchwc : 'off');
  const open = new Set<Executable>();
  /** The shards that were chosen, by the program's name. */
  const plans: Record<string, number> = {};
  let disposed = false;
  const stateless: CompileRecorded = async (program, record) => {
    await prepareTf();
    if (disposed) throw closedError();
    pool.warmUp();
    const executable = createStatelessExecutable(program, pool, () => open.delete(executable), record);
    open.add(executable);
    return executable;
  };
  const int8 = onProcessor ? createInt8(stateless, concurrency) : undefined;
  return {
    name: 'onnx',
    concurrency,
    describe: () => ({
      onnxruntime: onnxruntimeVersion(),
      tfjs: tf.version_core,
      device,
      workers: String(concurrency),
      threads: String(threads),
      nchwc: layout.describe(),
      shards: describeShards(shards, plans),
    }),
    async compile(program: Program, options: CompileOptions = {}) {
      if (int8 && options.calibration) return int8.compile(program, options.calibration);
      refuseCalibration(`onnx on ${device}`, options);
      if (Object.keys(program.variables ?? {}).length === 0) return stateless(program);
      await prepareTfGradients();
      if (disposed) throw closedError();
      const executable: Executable = new StatefulExecutable(program, {
        ...{
          workers: concurrency,
          processors: concurrency * threads,
          shards,
          device,
          optimize: (graph) => layout.apply(graph),
        },
        onPlan: (plan) => (plans[program.name] = plan.shards),
        onDispose: () => open.delete(executable),
      });
      open.add(executable);
      return executable;
    },
    ...(int8 && { int8 }),
    async dispose() {
      disposed = true;
      await Promise.all([...open].map((executable) => executable.dispose()));
      await pool.close();
    },
  };
}

/** Read from its package, so that asking does not load native code into this thread. */
function onnxruntimeVersion(): string {
  const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string };
  return version;
}
