import type { Scope } from '../container/scope.js';
import { HOST, PLAN } from '../container/tokens.js';
import { labelMatrix } from '../data/labels.js';
import type { Split } from '../data/split/split-samples.js';
import { KindredError } from '../errors/kindred-error.js';
import type { FeatureSummary, PrecisionSummary } from '../host/types.js';
import type { BackboneModel, HeadSpec, LoadedDataset, Sample } from '../plugin/contract.js';
import type { Calibration } from '../plugin/engine-contract.js';
import type { NdArray } from '../tensor/nd-array.js';

import { computeFeatures } from './backbone.js';
import { normalFlags } from './branch-data.js';
import { calibrateBackbone } from './calibrate.js';
import { checkDrift } from './check-drift.js';
import { headSpec } from './head-spec.js';
import { inspectImages } from './inspect.js';
import { splitUsable, usableSamples, type UsableSamples } from './load-data.js';
import { trainJointly, type JointResult } from './train-joint.js';

/** Samples, their features and what heads were told, whichever way they came about. */
export interface Prepared {
  readonly usable: UsableSamples;
  readonly features: NdArray<'float32'>;
  readonly split: Split;
  readonly specs: Readonly<Record<string, HeadSpec>>;
  readonly summary?: FeatureSummary;
  readonly calibration?: Calibration;
  readonly precision?: PrecisionSummary;
  readonly joint?: JointResult;
}

/** A dataset, and of its labels those that heads learn. */
export interface LearnedData {
  readonly dataset: LoadedDataset;
  readonly labels: readonly string[];
}

/** Features of all samples: of a backbone that learns, after it was trained together with the heads. */
export function prepare(scope: Scope, model: BackboneModel, data: LearnedData): Promise<Prepared> {
  refuseTransforms(scope, model);
  return model.trainable ? trainBackbone(scope, model, data) : readFeatures(scope, model, data);
}

/** A frozen backbone: the features of all samples, from the store as far as they are there. */
async function readFeatures(scope: Scope, model: BackboneModel, { dataset, labels }: LearnedData): Promise<Prepared> {
  const { onError } = scope.resolve(PLAN).manifest.data;
  // Told before the backbone has run for hours; the training part is checked again once it is known.
  headSpecs(scope, model, labels, normalOf(scope, dataset.samples, labels));
  const calibration = await calibrateBackbone(scope, model, dataset);
  const run = { ...(calibration && { calibration }) };
  const extracted = await computeFeatures(scope, model, dataset.samples, { onError, ...run });
  const usable = usableSamples(dataset.samples, extracted);
  const split = splitUsable(scope, usable);
  const specs = headSpecs(
    scope,
    model,
    labels,
    split.train.map((i) => usable.samples[i] as Sample),
  );
  const { features, stats: summary } = extracted;
  const precision = calibration && (await checkDrift(scope, model, calibration, { usable, split, features }));
  return { usable, features, split, specs, summary, ...run, ...(precision && { precision }) };
}

/** A backbone that learns: trained together with the heads, then its features of all samples. */
async function trainBackbone(scope: Scope, model: BackboneModel, { dataset, labels }: LearnedData): Promise<Prepared> {
  const { branches, manifest } = scope.resolve(PLAN);
  const { limitInputPixels, onError } = manifest.data;
  const inspected = await inspectImages(
    dataset.samples,
    { spec: model.input, limitInputPixels, onError },
    scope.resolve(HOST),
  );
  const usable = usableSamples(dataset.samples, inspected);
  const split = splitUsable(scope, usable);
  const part = (indices: readonly number[]) => {
    const samples = normalOf(
      scope,
      indices.map((index) => usable.samples[index] as Sample),
      labels,
    );
    return { samples, targets: labelMatrix(samples, labels) };
  };
  const specs = headSpecs(scope, model, labels, part(split.train).samples);
  const joint = branches.filter(({ name, from }) => specs[name] && from === undefined).map(({ name }) => name);
  if (joint.length === 0) {
    throw new KindredError('KINDRED_MANIFEST_VALUE', {
      message: 'A backbone that is trained needs a branch with a head to learn from. Got detectors alone.',
      path: 'backbone',
      hint: 'Use a pretrained backbone such as resnet50, or add a branch with a head.',
    });
  }
  const result = await trainJointly(
    scope,
    model,
    Object.fromEntries(joint.map((name) => [name, specs[name] as HeadSpec])),
    { train: part(split.train), validation: part(split.validation) },
  );
  const options = { onError: 'fail', weights: result.backbone } as const;
  const { features } = await computeFeatures(scope, model, usable.samples, options);
  return { usable, features, split, specs, joint: result };
}

function normalOf(scope: Scope, samples: readonly Sample[], labels: readonly string[]): readonly Sample[] {
  const normal = normalFlags(scope.resolve(PLAN), samples, labels);
  return samples.filter((_, i) => normal[i]);
}

function headSpecs(
  scope: Scope,
  model: BackboneModel,
  labels: readonly string[],
  samples: readonly Sample[],
): Record<string, HeadSpec> {
  const heads = scope.resolve(PLAN).branches.filter((branch) => branch.head);
  if (heads.length === 0) return {};
  const train = { samples, targets: labelMatrix(samples, labels) };
  return Object.fromEntries(heads.map(({ name }) => [name, headSpec(name, model.features, labels, train)]));
}

/** Transforms are fitted on features, and those of a backbone in training change with every step. */
function refuseTransforms(scope: Scope, model: BackboneModel): void {
  const { branches } = scope.resolve(PLAN);
  const branch = branches.find(({ transforms, head, from }) => head && from === undefined && transforms.length > 0);
  if (!model.trainable || !branch) return;
  throw new KindredError('KINDRED_MANIFEST_VALUE', {
    message: `The branch '${branch.name}' must have no transforms before its head: the backbone is trained with it.`,
    path: `branches.${branch.name}.transforms`,
    hint: 'Leave the transforms out, or use a pretrained backbone.',
  });
}
