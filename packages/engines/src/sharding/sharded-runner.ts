import { KindredError, sizeOf, type NdArrays } from '@kindred/core';

import { ModelCache, type Model } from '../runtime/model.js';
import { outputsOf } from '../runtime/outputs.js';
import type { Replicas } from '../runtime/replicas.js';
import { runModel, type Runner } from '../runtime/runner.js';
import { packAll } from '../runtime/wire.js';
import { graphName } from '../trace/record-program.js';

import { shardSizes, splitRows } from './split-rows.js';
import {
  batchRows,
  finishProgram,
  finishSpecs,
  meanLayout,
  partialProgram,
  shardInput,
  weightInputs,
  type DividedProgram,
  type MeanSpecs,
} from './stages.js';

/** Sets of shard shapes whose sessions are kept: two sizes for full batches, two for the last batch. */
const CAPACITY = 4;

/** What all shards share: the second stage, and memory for the means of each. */
interface Finish {
  readonly models: ModelCache;
  readonly means: MeanSpecs;
  readonly areas: readonly Float32Array<SharedArrayBuffer>[];
  readonly layout: ReturnType<typeof meanLayout>;
}

/**
 * Divides the rows of each batch among the replicas. Each computes its shard's means and puts them into shared memory; then
 * each averages them and updates its variables, which stay equal bit for bit.
 */
export class ShardedRunner implements Runner {
  readonly #partial: ModelCache;
  #finish: Finish | undefined;

  constructor(
    private readonly program: DividedProgram,
    private readonly replicas: Replicas,
  ) {
    this.#partial = new ModelCache(partialProgram(program), CAPACITY, (model) => replicas.release(model));
  }

  async run(inputs: NdArrays): Promise<NdArrays> {
    const { program, replicas } = this;
    const rows = batchRows(program, inputs);
    const sizes = shardSizes(rows, replicas.count);
    const shards = splitRows(inputs, sizes, (name) => program.sharded.splits(name)).map((rowsOfShard, shard) => {
      const given = { ...rowsOfShard, ...shardInput(shard) };
      return { given, model: this.#partial.get(given) };
    });
    const finish = (this.#finish ??= this.#prepare(this.#partial.get(shards[0]?.given ?? inputs)));

    await all(
      shards.map(({ given, model }, shard) => {
        const area = finish.areas[shard] as Float32Array<SharedArrayBuffer>;
        return runModel(replicas, shard, model, given, { share: { area } });
      }),
    );

    const whole = { ...inputs, ...weightInputs(sizes.map((size) => size / rows)) };
    const model = finish.models.get(finishSpecs(program, whole, { means: finish.means, shards: sizes.length }));
    const areas = { areas: finish.areas.slice(0, sizes.length), layout: usedLayout(finish, model) };
    try {
      const answers = Array.from({ length: replicas.count }, (_, i) =>
        runModel(replicas, i, model, copies(whole, model.inputs), { areas }),
      );
      const [answer] = await all(answers);
      return outputsOf(model, answer as NonNullable<typeof answer>);
    } catch (error) {
      // Some may have updated their variables and others not.
      replicas.abandon();
      throw error;
    }
  }

  /** `undo` knows one run back, and messages are little beside what is worth dividing. */
  runsAtOnce(): number {
    return 1;
  }

  async runAll(inputs: readonly NdArrays[]): Promise<readonly NdArrays[]> {
    const [only, ...others] = inputs;
    if (others.length > 0) throw new RangeError('a divided program takes one run at once');
    return only ? [await this.run(only)] : [];
  }

  #prepare(model: Model): Finish {
    const means = meansOf(this.program, model);
    const length = Object.values(means).reduce((sum, shape) => sum + sizeOf(shape), 0);
    const { replicas } = this;
    return {
      means,
      layout: meanLayout(means),
      models: new ModelCache(finishProgram(this.program, Object.keys(means)), CAPACITY, (old) => replicas.release(old)),
      areas: Array.from({ length: replicas.count }, () => {
        return new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT));
      }),
    };
  }
}

/** The means that the second stage reads, by their graph inputs. */
function usedLayout({ layout }: Finish, { inputs }: Model): Finish['layout'] {
  const used = layout.filter(({ name }) => inputs.includes(`${name}/0`));
  return used.map((entry) => ({ ...entry, name: graphName.input(entry.name) }));
}

/** The inputs that `names` asks for, in buffers of their own: each worker is sent one. */
function copies(inputs: NdArrays, names: readonly string[]): NdArrays {
  const wanted = names.filter((name) => name in inputs);
  return packAll(inputs, wanted, (name) => name);
}

/** Waits for all, and only then rejects: nothing of a run goes on after it. */
async function all<T>(work: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(work);
  return Promise.all(work);
}

/** @throws KINDRED_ENGINE_COMPILE if the first stage changes variables, or gives anything but float32 */
function meansOf({ name: program }: DividedProgram, model: Model): MeanSpecs {
  const [updated] = model.updates;
  const other = model.graph.outputs.find(({ value }) => value.type !== 'float32');
  if (updated === undefined && other === undefined) {
    return Object.fromEntries(
      model.outputs.map((name) => {
        const output = model.graph.outputs.find((candidate) => candidate.name === graphName.output(name));
        return [name, output?.value.shape ?? []];
      }),
    );
  }
  const seen =
    updated === undefined
      ? `the ${other?.value.type} output ${other?.name}`
      : `an assignment to the variable ${updated}`;
  throw new KindredError('KINDRED_ENGINE_COMPILE', {
    message: `The first stage of the divided program ${program} must give float32 means and leave its variables alone. Got ${seen}.`,
    hint: 'Cast the tensor to float32, or assign in "finish", which gets its mean.',
  });
}
