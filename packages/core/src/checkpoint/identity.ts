import { KindredError } from '../errors/kindred-error.js';

import type { RunFacts } from './checkpoints.js';

/** All that decides what a training run gives: equal ones give equal bits. */
export interface RunIdentity extends RunFacts {
  /** Kindred's version. */
  readonly kindred: string;
  /** The engine's name, versions and devices. */
  readonly engine: Readonly<Record<string, string>>;
  /** The filled manifest, plain JSON. */
  readonly manifest: unknown;
}

/** What each part is called in messages. */
const SUBJECTS: Readonly<Record<keyof RunIdentity, string>> = {
  kindred: "Kindred's version",
  engine: 'of the engine',
  manifest: 'of the manifest',
  backbone: "the backbone's fingerprint",
  data: 'the hash over ids, labels and images',
};

/**
 * Makes sure that a checkpoint is of the run that wants to go on; parts that are left out of `expected` are not compared.
 * @throws KINDRED_CHECKPOINT_INVALID naming the first part that differs
 */
export function requireSameRun(file: string, found: RunIdentity, expected: Partial<RunIdentity>): void {
  for (const part of Object.keys(SUBJECTS) as (keyof RunIdentity)[]) {
    if (expected[part] === undefined) continue;
    const difference = firstDifference(found[part], expected[part]);
    if (!difference) continue;
    const { path, before, now } = difference;
    const subject = path.length === 0 ? SUBJECTS[part] : `"${pathText(path)}" ${SUBJECTS[part]}`;
    throw new KindredError('KINDRED_CHECKPOINT_INVALID', {
      message: `The checkpoint ${file} must be of the same manifest, data and versions. It was written when ${subject} was ${shown(before)}; now it is ${shown(now)}.`,
      path: file,
      received: now,
      hint: 'Put it back as it was (the number of epochs must be equal too), or train without --resume, which begins anew.',
    });
  }
}

interface Difference {
  readonly path: readonly (string | number)[];
  readonly before: unknown;
  readonly now: unknown;
}

/** The first place at which two JSON values differ, whatever the order of their keys. */
function firstDifference(before: unknown, now: unknown, path: Difference['path'] = []): Difference | undefined {
  if (!isContainer(before) || !isContainer(now) || Array.isArray(before) !== Array.isArray(now)) {
    return Object.is(before, now) ? undefined : { path, before, now };
  }
  for (const key of new Set([...Object.keys(before), ...Object.keys(now)])) {
    const step = Array.isArray(before) ? Number(key) : key;
    const difference = firstDifference(before[key], now[key], [...path, step]);
    if (difference) return difference;
  }
  return undefined;
}

function isContainer(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function pathText(path: Difference['path']): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');
}

const LONGEST = 80;

function shown(value: unknown): string {
  if (value === undefined) return 'absent';
  const text = JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
}
