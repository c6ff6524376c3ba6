import * as tf from '@tensorflow/tfjs-core';

import type { Scope } from '../container/scope.js';
import { PLAN } from '../container/tokens.js';
import type { Context } from '../context/context.js';
import type { SampleRole } from '../data/sample-role.js';
import type { DataSplit } from '../data/split/split-data.js';
import { sourceOf } from '../manifest/source-of.js';
import { call, type Bound } from '../plugin/bound.js';
import type { BackboneModel, HeadModel } from '../plugin/contract.js';
import { prepareTf, toTensor } from '../tensor/tf-runtime.js';
import { inferenceMode } from '../training/mode.js';

import { branchTargets, knownImages, trainingRows, type KnownImages } from './branch-data.js';
import { headModel } from './branch-stage.js';
import { headSpecs } from './head-spec.js';
import { contextFor } from './open-scope.js';
import type { PipelineData } from './pipeline-data.js';
import { isOutputTap, withTaps } from './tap.js';

/**
 * Makes every head once, as if all images were to train on, so that what is wrong with labels, options and readers is told before a
 * backbone has run for hours; the training part is checked again once it is known.
 * @throws KINDRED_DATA_PAIRS where a head's sampler cannot form its batches; KINDRED_BRANCH_TAP for a layer that a branch reads and another's head does not have; KINDRED_DATA_ONE_LABEL and others of
 * `headSpecs`; what heads throw as they are made
 */
export async function checkHeads(scope: Scope, model: BackboneModel, data: PipelineData): Promise<void> {
  const plan = scope.resolve(PLAN);
  const known = knownImages(plan, data.samples, data);
  const split = undivided(known, data);
  const specs = headSpecs(plan, model, known, split);
  for (const branch of plan.branches) {
    const spec = specs[branch.name];
    if (!spec) continue;
    const ctx = await contextFor(scope, `check ${branch.name}`);
    const head = await headModel(branch, spec, ctx);
    const targets = () => branchTargets(branch, known, trainingRows(branch, known, split));
    await call(branch.head as Bound<'head'>, 'order', () =>
      head.order?.(targets(), plan.manifest.training.batchSize, ctx.random),
    );
    const taps = plan.branches.flatMap(({ from }) => {
      const source = from === undefined ? undefined : sourceOf(from);
      return source?.branch === branch.name && !isOutputTap(source.tap) ? [source.tap] : [];
    });
    if (taps.length > 0) await tryTaps(branch.name, head, { taps, features: spec.features }, ctx);
  }
}

/** All images in the training part. */
function undivided({ normal }: KnownImages, { samples, roleOf }: PipelineData): DataSplit {
  const rows = (wanted: (role: SampleRole, row: number) => boolean) =>
    samples.flatMap((sample, row) => (wanted(roleOf(sample), row) ? [row] : []));
  return {
    train: rows((_, row) => normal[row] === true),
    validation: [],
    test: [],
    trainNegatives: rows((role, row) => (role === 'main' || role === 'negatives') && !normal[row]),
    reference: rows((role) => role === 'reference'),
  };
}

/** One row of zeros through the untrained head shows which layers it has. */
async function tryTaps(
  branch: string,
  { network }: HeadModel,
  { taps, features }: { readonly taps: readonly string[]; readonly features: number },
  { random }: Context,
): Promise<void> {
  await prepareTf();
  const initial = Object.entries(network.init(random));
  tf.tidy(() => {
    const weights = Object.fromEntries(initial.map(([name, { value }]) => [name, toTensor(value)]));
    withTaps(branch, taps, () => network.forward(weights, tf.zeros([1, features]), inferenceMode));
  });
}
