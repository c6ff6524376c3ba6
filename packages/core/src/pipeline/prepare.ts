import type { Scope } from '../container/scope.js';
import { CHECKPOINTS, PLAN } from '../container/tokens.js';
import { dataFingerprint } from '../data/fingerprint.js';
import type { DataSplit } from '../data/split/split-data.js';
import { KindredError } from '../errors/kindred-error.js';
import type { FeatureSummary, PrecisionSummary } from '../host/types.js';
import type { BackboneModel, HeadSpec, Sample } from '../plugin/contract.js';
import type { Calibration } from '../plugin/engine-contract.js';
import type { NdArray } from '../tensor/nd-array.js';

import { refuseAugmentation } from './augmentation.js';
import { computeFeatures } from './backbone.js';
import { branchTargets, heldOutRows, knownImages, trainingRows, type KnownImages } from './branch-data.js';
import { calibrateBackbone } from './calibrate.js';
import { checkDrift } from './check-drift.js';
import { checkHeads } from './check-heads.js';
import { featuresOfStored } from './features-of-stored.js';
import { headSpecs } from './head-spec.js';
import { splitUsable, usableSamples, type UsableSamples } from './load-data.js';
import { refuseJoint, requireSameData, type KeptPipeline } from './kept.js';
import type { PipelineData } from './pipeline-data.js';
import type { BranchPlan, PipelinePlan } from './plan.js';
import { readableImages } from './readable-images.js';
import { trainJointly, type JointResult } from './train-joint.js';
import { refuseFactors } from './training-options.js';

/** Samples, their features and what heads were told, whichever way they came about. */
export interface Prepared {
  readonly usable: UsableSamples;
  readonly features: NdArray<'float32'>;
  readonly split: DataSplit;
  /** Which of the usable samples are normal, and what else is known of them. */
  readonly known: KnownImages;
  readonly specs: Readonly<Record<string, HeadSpec>>;
  readonly summary?: FeatureSummary;
  readonly calibration?: Calibration;
  readonly precision?: PrecisionSummary;
  readonly joint?: JointResult;
}

type ReadImages = Parameters<typeof usableSamples>[1];

/** Features of all samples: of a backbone that learns, after it was trained together with the heads. */
export async function prepare(
  scope: Scope,
  model: BackboneModel,
  data: PipelineData,
  kept?: KeptPipeline,
): Promise<Prepared> {
  refuseTransforms(scope, model);
  refuseAugmentation(scope.resolve(PLAN), model);
  refuseFactors(scope.resolve(PLAN), model);
  await checkHeads(scope, model, data);
  return model.trainable ? trainBackbone(scope, model, data, kept) : readFeatures(scope, model, data, kept);
}

/** A frozen backbone: the features of all samples, from the store as far as they are there. */
async function readFeatures(
  scope: Scope,
  model: BackboneModel,
  data: PipelineData,
  kept?: KeptPipeline,
): Promise<Prepared> {
  const { onError } = scope.resolve(PLAN).manifest.data;
  const calibration = await calibrateBackbone(scope, model, data);
  const run = { ...(calibration && { calibration }) };
  const extracted = await computeFeatures(scope, model, data.samples, { onError, ...run });
  const divided = divide(scope, model, data, { read: extracted, kept });
  const { usable, split } = divided;
  const { features, stats: summary } = extracted;
  const precision = calibration && (await checkDrift(scope, model, calibration, { usable, split, features }));
  return { ...divided, features, summary, ...run, ...(precision && { precision }) };
}

/** What is usable of the data, in which part, and what heads are told of it. */
function divide(
  scope: Scope,
  model: BackboneModel,
  data: PipelineData,
  { read, kept }: { readonly read: ReadImages; readonly kept: KeptPipeline | undefined },
): Pick<Prepared, 'usable' | 'split' | 'known' | 'specs'> {
  const plan = scope.resolve(PLAN);
  const usable = usableSamples(data.samples, read);
  const fingerprint = dataFingerprint(usable);
  requireSameData(kept, fingerprint);
  scope.resolve(CHECKPOINTS).about({ data: fingerprint, backbone: model.fingerprint });
  const split = splitUsable(scope, usable, data);
  const known = knownImages(plan, usable.samples, data);
  return { usable, split, known, specs: headSpecs(plan, model, known, split) };
}

/** A backbone that learns: trained together with the heads, then its features of all samples. */
async function trainBackbone(
  scope: Scope,
  model: BackboneModel,
  data: PipelineData,
  kept?: KeptPipeline,
): Promise<Prepared> {
  const { stored, summary, ...read } = await readableImages(scope, model, data.samples);
  const divided = divide(scope, model, data, { read, kept });
  const { usable, split, known, specs } = divided;
  const joint = jointBranches(scope.resolve(PLAN));
  const [first] = joint as [BranchPlan];
  const part = (rows: readonly number[]) => ({
    samples: rows.map((row) => usable.samples[row] as Sample),
    hashes: rows.map((row) => usable.hashes[row] as string),
    targets: branchTargets(first, known, rows),
  });
  if (kept)
    refuseJoint(
      kept,
      joint.map(({ name }) => name),
    );
  const result = kept?.backbone
    ? undefined
    : await trainJointly(scope, model, Object.fromEntries(joint.map(({ name }) => [name, specs[name] as HeadSpec])), {
        train: part(trainingRows(first, known, split)),
        validation: part(heldOutRows(first, known, split.validation)),
        stored,
      });
  const weights = result?.backbone ?? kept?.backbone ?? {};
  const features = stored
    ? await featuresOfStored(scope, model, weights, { stored, hashes: usable.hashes })
    : (await computeFeatures(scope, model, usable.samples, { onError: 'fail', weights })).features;
  return { ...divided, features, ...(result && { joint: result }), ...(summary && { summary }) };
}

/**
 * The branches whose heads are trained together with a backbone: those that see its features, and learn from the same images.
 * @throws KINDRED_MANIFEST_VALUE if there is none, or if they learn from different images
 */
function jointBranches({ branches }: PipelinePlan): readonly BranchPlan[] {
  const joint = branches.filter(({ head, from }) => head && from === undefined && !head.component.tags?.needsNegatives);
  const mistake = (message: string, path: string, hint: string) =>
    new KindredError('KINDRED_MANIFEST_VALUE', { message, path, hint });
  if (joint.length === 0) {
    throw mistake(
      'A backbone that is trained needs a branch with a head to learn from. Got none that learns from features.',
      'backbone',
      'Use a pretrained backbone such as resnet50, or add a branch with a head.',
    );
  }
  const alone = joint.find(({ head }) => head?.component.tags?.needsReference);
  if (!alone || joint.length === 1) return joint;
  throw mistake(
    `The branch '${alone.name}', which learns from reference images, must be the only one that a backbone is trained with. Got ${joint.map(({ name }) => name).join(', ')}.`,
    `branches.${alone.name}.head`,
    `Let the others read it: "from": "${alone.name}.embedding".`,
  );
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
