import { resnet50 } from '@kindred/backbones';
import {
  type BackboneModel,
  type Calibration,
  type Context,
  type Engine,
  createRandom,
  inferenceMode,
  type NdArray,
  type Program,
} from '@kindred/core';
import { decodedBatches, extractFeatures, fileSample } from '@kindred/core/host';
import { createTestContext } from '@kindred/core/testing';
import { createOnnxEngine } from '@kindred/engines';

import type { Taken } from '../rounds.js';

/** As in a pipeline: larger batches are no faster and take more memory. */
const BATCH = 8;

/** As many images as a pipeline measures by default. */
const CALIBRATION_IMAGES = 200;

export type Precision = 'float32' | 'int8';

/** Kindred's side of the features bench: what a training run does before its heads, without a feature store. */
export class KindredFeatures {
  /** Silent: printing would take time, too. */
  readonly #context: Context;
  #model: Promise<BackboneModel> | undefined;
  #calibration: Calibration | undefined;
  #features: NdArray<'float32'> | undefined;
  #engine: Readonly<Record<string, string>> = {};

  /** `weights` as in a manifest: "imagenet" or a path. */
  constructor(
    private readonly weights: string,
    private readonly precision: Precision,
    cacheDir: string,
  ) {
    this.#context = createTestContext({ cacheDir });
  }

  /**
   * Times from the first file to the last feature. The engine is new each time and warmed up on a few images, since the peer's
   * process is new and warmed up as well; its threads are gone afterwards.
   */
  async run(paths: readonly string[]): Promise<Taken> {
    this.#model ??= this.#load();
    const model = await this.#model;
    const engine = createOnnxEngine();
    try {
      this.#engine = engine.describe();
      const calibration = this.precision === 'int8' ? await this.#calibrated(engine, model, paths) : undefined;
      const executable = await engine.compile(backboneProgram(model), calibration && { calibration });
      const extract = (some: readonly string[]) =>
        extractFeatures({
          ...{ samples: some.map(fileSample), model, executable, concurrency: engine.concurrency, batchSize: BATCH },
          ...{ onError: 'fail', progress: this.#context.progress },
        });
      await extract(paths.slice(0, BATCH * engine.concurrency * 2));
      const start = performance.now();
      const cpuStart = process.cpuUsage();
      this.#features = (await extract(paths)).features;
      const { user, system } = process.cpuUsage(cpuStart);
      return { seconds: (performance.now() - start) / 1000, cpuSeconds: (user + system) / 1e6 };
    } finally {
      await engine.dispose();
    }
  }

  /** Measured once, and not timed: a pipeline keeps it. */
  async #calibrated(engine: Engine, model: BackboneModel, paths: readonly string[]): Promise<Calibration> {
    if (!engine.int8) throw new RangeError(`the engine ${engine.name} computes in float32 alone`);
    const samples = paths.slice(0, CALIBRATION_IMAGES).map(fileSample);
    async function* batches() {
      for await (const { images } of decodedBatches(samples, { spec: model.input, batchSize: 1 })) yield { images };
    }
    this.#calibration ??= await engine.int8.calibrate(backboneProgram(model), batches());
    return this.#calibration;
  }

  /** Features `[N, 2048]` of the last run. */
  features(): NdArray<'float32'> {
    if (!this.#features) throw new RangeError('features exist after the first run');
    return this.#features;
  }

  describe(): Readonly<Record<string, string>> {
    return { ...this.#engine, precision: this.precision, batch: String(BATCH) };
  }

  #load(): Promise<BackboneModel> {
    const options = resnet50.options.parse({ weights: this.weights });
    return resnet50.create(options, this.#context);
  }
}

/** The frozen backbone as a program: int32 `images` `[N, H, W, 3]` in, `features` `[N, D]` out. */
function backboneProgram({ network }: BackboneModel): Program {
  const weights = Object.entries(network.init(createRandom(0)));
  return {
    name: 'resnet50',
    constants: Object.fromEntries(weights.map(([name, { value }]) => [name, value])),
    run: ({ inputs, constants }) => {
      const { images } = inputs;
      if (!images) throw new RangeError('images must be given');
      return { features: network.forward(constants, images, inferenceMode) };
    },
  };
}
