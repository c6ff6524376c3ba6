import { availableParallelism } from 'node:os';
import { createRequire } from 'node:module';

import * as tf from '@tensorflow/tfjs-core';
import { prepareTfGradients, type Engine, type Executable, type Program } from '@kindred/core';

import { chooseLayout, type NchwcOption } from './nchwc/layout-choice.js';
import { StatefulExecutable } from './runtime/stateful-executable.js';
import { createStatelessExecutable } from './runtime/stateless-executable.js';
import { closedError, WorkerPool } from './runtime/worker-pool.js';

export interface OnnxEngineOptions {
  /** Threads that run stateless programs side by side. `auto`: one for each processor that this process may use. */
  readonly workers?: 'auto' | number;
  /** Processors for each worker. Default 1: more workers do more than more threads. */
  readonly threads?: number;
  /** Whether convolutions that are trained may run in blocks of channels, where a probe finds them right. Default `auto`. */
  readonly nchwc?: NchwcOption;
}

/**
 * The default engine: records programs as ONNX graphs and runs them with onnxruntime in worker threads. Programs with
 * variables each get a worker of their own that uses all `workers * threads` processors.
 */
export function createOnnxEngine({ workers = 'auto', threads = 1, nchwc = 'auto' }: OnnxEngineOptions = {}): Engine {
  const concurrency = workers === 'auto' ? Math.max(1, Math.floor(availableParallelism() / threads)) : workers;
  const pool = new WorkerPool(concurrency, threads);
  const layout = chooseLayout(nchwc);
  const open = new Set<Executable>();
  let disposed = false;
  return {
    name: 'onnx',
    concurrency,
    describe: () => ({
      onnxruntime: onnxruntimeVersion(),
      tfjs: tf.version_core,
      device: 'cpu',
      workers: String(concurrency),
      threads: String(threads),
      nchwc: layout.describe(),
    }),
    async compile(program: Program) {
      await prepareTfGradients();
      if (disposed) throw closedError();
      const forget = () => open.delete(executable);
      const stateful = Object.keys(program.variables ?? {}).length > 0;
      const executable: Executable = stateful
        ? new StatefulExecutable(program, concurrency * threads, forget, layout.apply)
        : createStatelessExecutable(program, pool, forget);
      open.add(executable);
      return executable;
    },
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
