import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';

import { createOnnxEngine, createTensorflowEngine } from '@kindred/engines';

import { describeMachine } from '../machine.js';
import { interleave, median, type Taken } from '../rounds.js';

import { trainSteps, type TrainedSteps } from './kindred-training.js';
import { TorchTraining, type TorchTrainingSettings } from './torch-training.js';
import { headWorkload, posterWorkload } from './workloads.js';

/** Enough that a round outlasts a hiccup, few enough for many rounds. */
const STEPS = { poster: { warmup: 3, steps: 20 }, head: { warmup: 32, steps: 320 } };
const BATCH = { poster: 16, head: 64 };
const ROWS = 2000;

export interface TrainingBenchOptions {
  readonly workload: 'poster' | 'head';
  readonly python: string;
  readonly rounds: number;
  /** PyTorch's; looked for if absent. */
  readonly settings?: TorchTrainingSettings;
  /** Where the engine tensorflow is installed; it then takes part. */
  readonly tensorflow?: string;
  /** Also try torch.compile. */
  readonly compile: boolean;
  readonly out: string;
}

/** Times training steps of Kindred's and PyTorch's in turns, prints ratios and writes everything as JSON. */
export async function benchTraining(options: TrainingBenchOptions, print: (line: string) => void): Promise<void> {
  const { workload: name, python, rounds, out } = options;
  const workload = name === 'poster' ? await posterWorkload(BATCH.poster) : headWorkload(BATCH.head, ROWS);
  const { warmup, steps } = STEPS[name];
  const torch = new TorchTraining(python, workload, availableParallelism());
  if (!options.settings) print("Looking for PyTorch's fastest settings ...");
  const tried = options.settings ? [options.settings] : await torch.tune(options.compile);
  const [settings] = tried;
  if (!settings) throw new RangeError('at least one setting must be tried');

  const onnx: TrainedSteps[] = [];
  let version = '';
  const { tensorflow: cacheDir } = options;
  const taken = await interleave<Contestant, Taken>(
    {
      kindred: async () => {
        const run = await trainSteps(createOnnxEngine(), workload, { warmup, steps });
        onnx.push(run);
        return run;
      },
      pytorch: async () => {
        const run = await torch.run(settings, warmup, steps);
        version = run.torch;
        return run;
      },
      ...(cacheDir !== undefined && {
        tensorflow: async () => trainSteps(await createTensorflowEngine({ cacheDir }), workload, { warmup, steps }),
      }),
    } as Record<Contestant, () => Promise<Taken>>,
    rounds,
    (side, round, { seconds }) => print(`round ${round + 1}  ${side}  ${perStep(seconds, steps)} ms a step`),
  );
  const [kindred, pytorch] = [summarise(taken.kindred, steps), summarise(taken.pytorch, steps)];
  const ratio = kindred.milliseconds / pytorch.milliseconds;
  const firstStepSeconds = median(onnx.map((run) => run.firstStepSeconds));
  const tensorflow = cacheDir === undefined ? undefined : summarise(taken.tensorflow, steps);
  const epochSteps = Math.ceil(ROWS / workload.batch);
  const result = {
    ...{ machine: await describeMachine(), workload: name, batch: workload.batch, steps, rounds, ratio },
    kindred: { ...kindred, firstStepSeconds, engine: onnx.at(-1)?.engine },
    pytorch: { ...pytorch, version, settings, tried },
    tensorflow,
  };
  await writeFile(out, `${JSON.stringify(result, null, 2)}\n`);
  print(`median   kindred ${inWords(kindred)}; pytorch ${inWords(pytorch)}`);
  if (name === 'head') {
    const epoch = (side: Side) => `${((side.milliseconds * epochSteps) / 1000).toFixed(2)} s`;
    print(`epoch of ${ROWS} rows   kindred ${epoch(kindred)}; pytorch ${epoch(pytorch)}`);
  }
  print(`ratio    ${ratio.toFixed(2)} (below 1: Kindred is faster)`);
  if (tensorflow) {
    print(
      `engine tensorflow ${inWords(tensorflow)}; onnx takes ${(kindred.milliseconds / tensorflow.milliseconds).toFixed(2)} of it`,
    );
  }
  print(`first step, recorded and compiled: ${firstStepSeconds.toFixed(2)} s`);
  print(`written to ${out}`);
}

type Contestant = 'kindred' | 'pytorch' | 'tensorflow';

interface Side {
  readonly taken: readonly Taken[];
  /** A step's, the median of the rounds. */
  readonly milliseconds: number;
  /** The best round's: the least disturbed one. */
  readonly bestMilliseconds: number;
  readonly cpuMilliseconds: number;
}

function summarise(taken: readonly Taken[], steps: number): Side {
  const seconds = taken.map((round) => round.seconds);
  return {
    taken,
    milliseconds: (1000 * median(seconds)) / steps,
    bestMilliseconds: (1000 * Math.min(...seconds)) / steps,
    cpuMilliseconds: (1000 * median(taken.map(({ cpuSeconds }) => cpuSeconds))) / steps,
  };
}

const perStep = (seconds: number, steps: number): string => ((1000 * seconds) / steps).toFixed(1);

const inWords = ({ milliseconds, bestMilliseconds, cpuMilliseconds }: Side): string =>
  `${milliseconds.toFixed(1)} ms a step (best ${bestMilliseconds.toFixed(1)}), ${cpuMilliseconds.toFixed(0)} ms of processor time`;
