import { KindredError } from '../errors/kindred-error.js';
import type { Tags } from '../plugin/contract.js';
import type { Registry } from '../plugin/registry.js';

import type { FillContext } from './fill-reference.js';
import type { FilledBranch, FilledManifest } from './filled.js';
import { pathText, valueAt } from './issues.js';
import { sourceOf } from './source-of.js';
import type { JsonPath } from './source.js';

type Branches = Readonly<Record<string, FilledBranch>>;
type Data = Pick<FilledManifest['data'], 'oneClass' | 'negatives' | 'reference'> | undefined;

interface Found {
  /** Below the branch. */
  readonly key: string;
  readonly must: string;
  readonly received: string;
  readonly hint: string;
}

/** What the components of branches need of each other and of the data, by their tags. */
export function componentMistakes(
  branches: Branches,
  data: Data,
  { registry, source }: Pick<FillContext, 'registry' | 'source'>,
): KindredError[] {
  return Object.entries(branches).flatMap(([name, branch]) => {
    const base: JsonPath = valueAt(source.value, ['branches', name]) === undefined ? [] : ['branches', name];
    const found = [
      ...logitsMistakes(branch, registry),
      ...tapMistakes(branch, branches, registry),
      ...dataMistakes(branch, data, registry),
      ...calibratorMistakes(branch, registry),
    ];
    return found.map(({ key, must, received, hint }) => {
      const path = [...base, key];
      const message = `${source.locate(path)}: "${pathText(path)}": ${must}`;
      return new KindredError('KINDRED_MANIFEST_VALUE', { message, path: pathText(path), received, hint });
    });
  });
}

const headTags = ({ head }: FilledBranch, registry: Registry): Tags =>
  (head && registry.get('head', head.use).component.tags) ?? {};

const nameOf = (use: string): string => use.replace(/@.*/, '');

/** A detector by a formula over logits says nothing of anything else. */
function logitsMistakes({ detector, from }: FilledBranch, registry: Registry): Found[] {
  if (!detector || (from !== undefined && sourceOf(from).tap === 'logits')) return [];
  const { component } = registry.get('detector', detector.use);
  if (!component.tags?.needsLogits) return [];
  return [
    {
      key: 'detector',
      must: `the detector ${component.name} must read the logits of a head. It reads ${from ?? 'features'}.`,
      received: component.name,
      hint: 'Add "from": "NAME.logits" with the name of a branch that has a head.',
    },
  ];
}

/** Heads of labels have logits, others an embedding. */
function tapMistakes({ from }: FilledBranch, branches: Branches, registry: Registry): Found[] {
  if (from === undefined) return [];
  const { branch, tap } = sourceOf(from);
  const source = branches[branch];
  if (!source?.head) return [];
  const right = headTags(source, registry).embedding ? 'embedding' : 'logits';
  if ((tap !== 'logits' && tap !== 'embedding') || tap === right) return [];
  return [
    {
      key: 'from',
      must: `the head ${nameOf(source.head.use)} of the branch '${branch}' gives ${right === 'logits' ? 'logits' : 'an embedding'}. Got "${from}".`,
      received: from,
      hint: `Write "${branch}.${right}".`,
    },
  ];
}

function dataMistakes(branch: FilledBranch, data: Data, registry: Registry): Found[] {
  const { needsNegatives, needsReference } = headTags(branch, registry);
  const name = nameOf(branch.head?.use ?? '');
  if (needsNegatives && data && !data.negatives && !data.oneClass) {
    return [
      {
        key: 'head',
        must: `the head ${name} learns from images that belong and from images that do not: the data must have both.`,
        received: name,
        hint: 'Add "negatives": { "use": "folder", "labels": "none", "path": "..." } to "data", or name the normal classes in "data.oneClass"; a detector needs no others.',
      },
    ];
  }
  if (!needsReference || !data || data.reference) return [];
  return [
    {
      key: 'head',
      must: `the head ${name} learns what sets the wanted images apart from labelled images of other things: the data must have some.`,
      received: name,
      hint: 'Add "reference": { "use": "folder", "path": "..." } to "data".',
    },
  ];
}

function calibratorMistakes(branch: FilledBranch, registry: Registry): Found[] {
  if (!branch.calibrator || !headTags(branch, registry).embedding) return [];
  return [
    {
      key: 'calibrator',
      must: `a calibrator must stand beside a head of labels or a detector. The head ${nameOf(branch.head?.use ?? '')} gives embeddings.`,
      received: branch.calibrator.use,
      hint: 'Leave it out.',
    },
  ];
}
