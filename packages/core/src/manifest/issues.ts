import type { z } from 'zod';

import { KindredError } from '../errors/kindred-error.js';
import { hintFor, nearest } from '../plugin/nearest.js';

import { describeIssue, shown } from './describe-issue.js';
import type { JsonPath, ManifestSource } from './source.js';

/** `branches.genres.head`, `transforms[0]`. */
export function pathText(path: JsonPath): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');
}

/** The value at `path` in plain JSON; undefined where there is none. */
export function valueAt(value: unknown, path: JsonPath): unknown {
  return path.reduce<unknown>((inner, step) => (inner as Record<string | number, unknown> | undefined)?.[step], value);
}

/**
 * The errors for what zod found wrong with the value at `base`.
 * @param owner Whose options they are, for the message: `head multi-label`
 */
export function issueErrors(
  error: z.core.$ZodError,
  { source, base, owner, schema }: { source: ManifestSource; base: JsonPath; owner?: string; schema: unknown },
): KindredError[] {
  const of = owner === undefined ? '' : ` of the ${owner}`;
  return error.issues.flatMap((issue) => {
    const inner = issue.path as (string | number)[];
    const path = [...base, ...inner];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => unknownKey([...path, key], keysAt(schema, inner), source, of));
    }
    const received = valueAt(source.value, path);
    const { must, hint } = describeIssue(issue, received);
    const got = received === undefined ? 'It is missing' : `Got ${shown(received)}`;
    const name = pathText(path);
    return [
      new KindredError('KINDRED_MANIFEST_VALUE', {
        message: `${source.locate(path)}: ${name === '' ? 'the manifest' : `"${name}"`}${of} must ${must}. ${got}.`,
        path: name,
        received,
        hint,
      }),
    ];
  });
}

function unknownKey(path: JsonPath, known: readonly string[], source: ManifestSource, of: string): KindredError {
  const key = String(path.at(-1));
  return new KindredError('KINDRED_MANIFEST_UNKNOWN_KEY', {
    message: `${source.locateKey(path)}: every key must be known. Got "${pathText(path)}"${of}.`,
    path: pathText(path),
    received: key,
    hint: hintFor(nearest(key, known), known, 'There are no options here.'),
  });
}

/** The keys that an object schema knows at `path`. */
function keysAt(schema: unknown, path: JsonPath): string[] {
  let current = unwrapped(schema);
  for (const step of path) {
    const { shape, element, valueType } = current;
    current = unwrapped(typeof step === 'number' ? element : (shape?.[step] ?? valueType));
  }
  return Object.keys(current.shape ?? {});
}

interface SchemaParts {
  readonly shape?: Readonly<Record<string, unknown>>;
  readonly element?: unknown;
  readonly valueType?: unknown;
  readonly def?: { readonly innerType?: unknown; readonly in?: unknown };
}

/** The schema inside of defaults, optionals and pipes. */
export function unwrapped(schema: unknown): SchemaParts {
  let current = (schema ?? {}) as SchemaParts;
  for (let inner = innerOf(current); inner !== undefined; inner = innerOf(current)) current = inner as SchemaParts;
  return current;
}

function innerOf(schema: SchemaParts): unknown {
  return schema.def?.innerType ?? schema.def?.in;
}
