import { KindredError, type Executable, type NdArrays, type Program, type RunOptions } from '@kindred/core';

import type { Device } from '../device/device.js';
import { planShards, type ShardPlan, type ShardsOption } from '../sharding/plan.js';
import { ShardedRunner } from '../sharding/sharded-runner.js';
import { isDivided } from '../sharding/stages.js';

import { abortable } from './aborted.js';
import type { Optimize } from './model.js';
import { Replicas } from './replicas.js';
import type { Runner } from './runner.js';
import { assertVariables } from './variables.js';
import { WholeRunner } from './whole-runner.js';
import { packAll } from './wire.js';
import { closedError } from './worker-pool.js';

export interface StatefulOptions {
  readonly workers: number;
  /** All that the workers may use together. */
  readonly processors: number;
  readonly shards: ShardsOption;
  readonly optimize?: Optimize;
  readonly device?: Device;
  /** Told once, before the first run. */
  onPlan(plan: ShardPlan): void;
  onDispose(): void;
}

const keep = (name: string) => name;

/**
 * A program with variables. They live in a worker, which feeds each run's results to the next without sending them
 * anywhere, or in several that divide each batch. Runs happen one after another.
 */
export class StatefulExecutable implements Executable {
  /** The variables' values until the first run; then the replicas have them, until one ends. */
  #held: NdArrays | undefined;
  #replicas: Replicas | undefined;
  #runner: Runner | undefined;
  #plan: ShardPlan | undefined;
  #disposed = false;
  /** The end of the line of runs. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly program: Program,
    private readonly options: StatefulOptions,
  ) {
    this.#held = program.variables ?? {};
  }

  async run(inputs: NdArrays, options?: RunOptions): Promise<NdArrays> {
    const [outputs = {}] = await this.runAll([inputs], options);
    return outputs;
  }

  runsAtOnce(inputs: NdArrays): Promise<number> {
    return this.#inLine(() => Promise.resolve(this.#started(inputs).runsAtOnce(inputs)));
  }

  runAll(inputs: readonly NdArrays[], { signal }: RunOptions = {}): Promise<readonly NdArrays[]> {
    // The caller may reuse its buffers while the runs wait in line.
    const given = inputs.map((arrays) => packAll(arrays, Object.keys(arrays), keep));
    const runs = this.#inLine(() => {
      signal?.throwIfAborted();
      const [first] = given;
      return first ? this.#started(first).runAll(given) : Promise.resolve([]);
    });
    return abortable(runs, signal);
  }

  readVariables(): Promise<NdArrays> {
    return this.#inLine(() => {
      if (this.#held) return Promise.resolve(packAll(this.#held, Object.keys(this.#held), keep));
      return this.#living().read();
    });
  }

  writeVariables(values: NdArrays): Promise<void> {
    const given = packAll(values, Object.keys(values), keep);
    return this.#inLine(async () => {
      assertVariables(this.program, given);
      const all = Object.keys(this.program.variables ?? {}).every((name) => name in given);
      if (this.#replicas) await this.#replicas.write(given);
      else if (all) this.#held = given;
      else if (this.#held) this.#held = { ...this.#held, ...given };
      else throw lostError(this.program);
    });
  }

  undo(): Promise<void> {
    return this.#inLine(async () => {
      if (!this.#held) await this.#living().undo();
    });
  }

  /** Waits for the run under way; those in line are rejected. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    this.options.onDispose();
    await this.#replicas?.close();
  }

  #inLine<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(() => {
      if (this.#disposed) throw closedError();
      return work();
    });
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** What runs the program; starts it for inputs such as these. @throws KINDRED_ENGINE_WORKER if the variables were lost */
  #started(inputs: NdArrays): Runner {
    if (this.#runner) return this.#runner;
    const { program, options } = this;
    if (!this.#held) throw lostError(program);
    if (!this.#plan) options.onPlan((this.#plan = planShards(program, inputs, options)));
    const { shards, threads } = this.#plan;
    const { optimize, device } = options;
    const replicas = new Replicas(this.#held, { count: shards, threads, optimize, device }, () => {
      this.#runner = undefined;
      this.#replicas = undefined;
    });
    this.#held = undefined;
    this.#replicas = replicas;
    this.#runner =
      shards > 1 && isDivided(program) ? new ShardedRunner(program, replicas) : new WholeRunner(program, replicas);
    return this.#runner;
  }

  #living(): Replicas {
    if (this.#replicas) return this.#replicas;
    throw lostError(this.program);
  }
}

function lostError(program: Program): KindredError {
  return new KindredError('KINDRED_ENGINE_WORKER', {
    message: `The worker thread that holds the variables of the program ${program.name} must stay alive. It ended, and their values with it.`,
    hint: 'Set all variables with writeVariables (a checkpoint, say), or compile the program again.',
  });
}
