import { pathToFileURL } from 'node:url';

import type { Scope } from '../container/scope.js';
import { HOST, PLAN } from '../container/tokens.js';
import type { Random } from '../context/random.js';
import { changesImages } from '../data/augment/augment.js';
import { batchAugmentation, type BatchAugmentation } from '../data/augment/batch-augmentation.js';
import { KindredError } from '../errors/kindred-error.js';
import type { Host } from '../host/types.js';
import type { Bound } from '../plugin/bound.js';
import type { BackboneModel, HeadModel, ImageSpec } from '../plugin/contract.js';
import { loadPlugin } from '../plugin/load.js';
import { resolvePlugin } from '../plugin/resolve.js';

import type { PipelinePlan } from './plan.js';

/** What the manifest does to training images, if anything. Whoever opens it closes it: it may have threads. */
export async function openAugmentation(
  scope: Scope,
  spec: ImageSpec,
  random: Random,
): Promise<BatchAugmentation | undefined> {
  const plan = scope.resolve(PLAN);
  const { augmentation, manifest } = plan;
  if (augmentation.length === 0) return undefined;
  const modules = await modulesOf(plan, scope.resolve(HOST));
  return batchAugmentation(augmentation, {
    spec,
    limitInputPixels: manifest.data.limitInputPixels,
    random,
    moduleOf: (bound) => modules.get(bound),
  });
}

/**
 * Where another thread finds the plugin of each augmentation: in its file, or, of a plugin that the host has brought, where the
 * host says.
 */
async function modulesOf(plan: PipelinePlan, { plugins, pluginUrls = {} }: Host): Promise<Map<unknown, string>> {
  const { augmentation, manifest, baseDir } = plan;
  const modules = new Map<Bound<'augmentation'>, string>();
  for (const specifier of manifest.plugins) {
    const given = Object.hasOwn(plugins, specifier) ? plugins[specifier] : undefined;
    // Loaded before: this finds the same module.
    const { components } = given ?? (await loadPlugin(specifier, baseDir));
    const url = given ? pluginUrls[specifier] : pathToFileURL(resolvePlugin(specifier, baseDir)).href;
    if (url === undefined) continue;
    for (const bound of augmentation) if (components.includes(bound.component)) modules.set(bound, url);
  }
  return modules;
}

/**
 * A frozen backbone sees each image once.
 * @throws KINDRED_MANIFEST_VALUE
 */
export function refuseAugmentation({ augmentation, backbone }: PipelinePlan, model: BackboneModel): void {
  if (model.trainable || augmentation.length === 0) return;
  throw new KindredError('KINDRED_MANIFEST_VALUE', {
    message: `Augmentation needs a backbone that is trained: images are changed anew in every epoch, and the features of ${backbone.component.name}, which is frozen, are computed once.`,
    path: 'training.augmentation',
    received: augmentation.map(({ component }) => component.name),
    hint: 'Leave "augmentation" out, or use a backbone that is trained, such as small-cnn.',
  });
}

/**
 * Heads that relate images to each other need their labels whole.
 * @throws KINDRED_MANIFEST_VALUE
 */
export function refuseMixing({ augmentation }: PipelinePlan, heads: Readonly<Record<string, HeadModel>>): void {
  const index = augmentation.findIndex((bound) => !changesImages(bound));
  const relating = Object.entries(heads).find(([, head]) => head.splittable === false || head.order !== undefined);
  const mixing = augmentation[index]?.component.name;
  if (mixing === undefined || relating === undefined) return;
  throw new KindredError('KINDRED_MANIFEST_VALUE', {
    message: `The augmentation ${mixing} mixes images and their labels, so no head may relate whole images to each other. The head of '${relating[0]}' does.`,
    path: `training.augmentation[${index}]`,
    received: mixing,
    hint: `Leave ${mixing} out: augmentations that change images one by one may stay.`,
  });
}
