import type { Scope } from '../container/scope.js';
import { HOST, PLAN } from '../container/tokens.js';
import { labelMatrix } from '../data/labels.js';
import type { Split } from '../data/split/split-samples.js';
import { KindredError } from '../errors/kindred-error.js';
import type { EpochSummary, FeatureSummary, PrecisionSummary, TrainResult } from '../host/types.js';
import type { Evaluation } from '../metrics/evaluation.js';
import type { BackboneModel, HeadSpec, LoadedDataset, Sample } from '../plugin/contract.js';
import type { Calibration } from '../plugin/engine-contract.js';
import type { NdArray } from '../tensor/nd-array.js';
import type { TrainingDivergedError } from '../training/finite.js';

import { computeFeatures, createBackbone } from './backbone.js';
import { calibrateBackbone, checkPrecision } from './calibrate.js';
import { checkDrift } from './check-drift.js';
import { evaluateBranch } from './evaluate-branch.js';
import { headSpec } from './head-spec.js';
import { inspectImages } from './inspect.js';
import { countDuplicates, loadDataset, splitUsable, usableSamples, type UsableSamples } from './load-data.js';
import { contextFor } from './open-scope.js';
import { selectRows, selectTargets } from './rows.js';
import type { BranchState, PipelineState } from './state.js';
import { trainBranch, type TrainedBranch } from './train-branch.js';
import { trainJointly, type JointResult } from './train-joint.js';

/** What training made: the state to save, and what to tell of it. */
export interface TrainedPipeline {
  readonly state: PipelineState;
  readonly model: BackboneModel;
  readonly hashes: readonly string[];
  readonly samples: readonly Sample[];
  readonly result: Omit<TrainResult, 'bundle'>;
  /** Why training ended early; the state is that of an earlier epoch. */
  readonly diverged?: TrainingDivergedError | undefined;
}

/** Trains everything that the manifest's branches need, and measures it on the test part. Writes nothing but features. */
export async function trainPipeline(scope: Scope): Promise<TrainedPipeline> {
  const { dataset: bound, branches } = scope.resolve(PLAN);
  const dataset = await loadDataset(scope, bound);
  const model = await createBackbone(scope);
  await checkPrecision(scope, model);
  refuseTransforms(scope, model);

  const prepared = model.trainable
    ? await trainBackbone(scope, model, dataset)
    : await readFeatures(scope, model, dataset);
  const { usable, features, split, specs, joint } = prepared;
  const targets = labelMatrix(usable.samples, dataset.labels);
  const part = (indices: readonly number[]) => ({
    x: selectRows(features, indices),
    y: selectTargets(targets, indices),
  });
  const parts = { train: part(split.train), validation: part(split.validation), test: part(split.test) };

  const trained: Record<string, TrainedBranch> = {};
  const evaluations: Record<string, Evaluation> = {};
  for (const branch of branches) {
    const { name } = branch;
    const given = { labels: dataset.labels, ...parts, spec: specs[name], weights: joint?.heads[name] };
    const fitted = await trainBranch(scope, branch, given);
    trained[name] = fitted;
    const ctx = await contextFor(scope, `evaluate ${name}`);
    const evaluation = await evaluateBranch(scope, branch, fitted.state, parts.test, ctx);
    if (evaluation) evaluations[name] = evaluation;
  }

  const inBranches = <T>(pick: (branch: TrainedBranch) => T) =>
    Object.fromEntries(Object.entries(trained).map(([name, branch]) => [name, pick(branch)]));
  const history: Record<string, readonly EpochSummary[]> = joint
    ? { [joint.name]: joint.history }
    : inBranches((branch) => branch.history);
  return {
    diverged: joint?.diverged ?? Object.values(trained).find((branch) => branch.diverged)?.diverged,
    model,
    hashes: usable.hashes,
    samples: usable.samples,
    state: {
      labels: dataset.labels,
      branches: inBranches((branch): BranchState => branch.state),
      ...(joint && { backbone: joint.backbone }),
      ...(prepared.calibration && { calibration: prepared.calibration }),
    },
    result: {
      data: {
        samples: dataset.samples.length,
        labels: dataset.labels,
        train: split.train.length,
        validation: split.validation.length,
        test: split.test.length,
        duplicates: countDuplicates(usable.hashes),
        skipped: usable.skipped,
      },
      ...(prepared.summary && { features: prepared.summary }),
      ...(prepared.precision && { precision: prepared.precision }),
      evaluations,
      history,
      notes: branches.flatMap(
        ({ name }) => trained[name]?.notes.map((note) => (branches.length > 1 ? `${name}: ${note}` : note)) ?? [],
      ),
    },
  };
}

/** Samples, their features and what heads were told, whichever way they came about. */
interface Prepared {
  readonly usable: UsableSamples;
  readonly features: NdArray<'float32'>;
  readonly split: Split;
  readonly specs: Readonly<Record<string, HeadSpec>>;
  readonly summary?: FeatureSummary;
  readonly calibration?: Calibration;
  readonly precision?: PrecisionSummary;
  readonly joint?: JointResult;
}

/** A frozen backbone: the features of all samples, from the store as far as they are there. */
async function readFeatures(scope: Scope, model: BackboneModel, dataset: LoadedDataset): Promise<Prepared> {
  const { onError } = scope.resolve(PLAN).manifest.data;
  // Told before the backbone has run for hours; the training part is checked again once it is known.
  headSpecs(scope, model, dataset.labels, dataset.samples);
  const calibration = await calibrateBackbone(scope, model, dataset);
  const run = { ...(calibration && { calibration }) };
  const extracted = await computeFeatures(scope, model, dataset.samples, { onError, ...run });
  const usable = usableSamples(dataset.samples, extracted);
  const split = splitUsable(scope, usable);
  const specs = headSpecs(
    scope,
    model,
    dataset.labels,
    split.train.map((i) => usable.samples[i] as Sample),
  );
  const { features, stats: summary } = extracted;
  const precision = calibration && (await checkDrift(scope, model, calibration, { usable, split, features }));
  return { usable, features, split, specs, summary, ...run, ...(precision && { precision }) };
}

/** A backbone that learns: trained together with the heads, then its features of all samples. */
async function trainBackbone(scope: Scope, model: BackboneModel, dataset: LoadedDataset): Promise<Prepared> {
  const { limitInputPixels, onError } = scope.resolve(PLAN).manifest.data;
  const inspected = await inspectImages(
    dataset.samples,
    { spec: model.input, limitInputPixels, onError },
    scope.resolve(HOST),
  );
  const usable = usableSamples(dataset.samples, inspected);
  const split = splitUsable(scope, usable);
  const part = (indices: readonly number[]) => {
    const samples = indices.map((index) => usable.samples[index] as Sample);
    return { samples, targets: labelMatrix(samples, dataset.labels) };
  };
  const specs = headSpecs(scope, model, dataset.labels, part(split.train).samples);
  if (Object.keys(specs).length === 0) {
    throw new KindredError('KINDRED_MANIFEST_VALUE', {
      message: 'A backbone that is trained needs a branch with a head to learn from. Got detectors alone.',
      path: 'backbone',
      hint: 'Use a pretrained backbone such as resnet50, or add a branch with a head.',
    });
  }
  const joint = await trainJointly(scope, model, specs, {
    train: part(split.train),
    validation: part(split.validation),
  });
  const options = { onError: 'fail', weights: joint.backbone } as const;
  const { features } = await computeFeatures(scope, model, usable.samples, options);
  return { usable, features, split, specs, joint };
}

function headSpecs(
  scope: Scope,
  model: BackboneModel,
  labels: readonly string[],
  samples: readonly Sample[],
): Record<string, HeadSpec> {
  const heads = scope.resolve(PLAN).branches.filter((branch) => branch.head);
  const train = { samples, targets: labelMatrix(samples, labels) };
  return Object.fromEntries(heads.map(({ name }) => [name, headSpec(name, model.features, labels, train)]));
}

/** Transforms are fitted on features, and those of a backbone in training change with every step. */
function refuseTransforms(scope: Scope, model: BackboneModel): void {
  const branch = scope.resolve(PLAN).branches.find(({ transforms, head }) => head && transforms.length > 0);
  if (!model.trainable || !branch) return;
  throw new KindredError('KINDRED_MANIFEST_VALUE', {
    message: `The branch '${branch.name}' must have no transforms before its head: the backbone is trained with it.`,
    path: `branches.${branch.name}.transforms`,
    hint: 'Leave the transforms out, or use a pretrained backbone.',
  });
}
