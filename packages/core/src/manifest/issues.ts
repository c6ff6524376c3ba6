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
  return error.issues.flatMap(nearestForm).flatMap((issue) => {
    const inner = issue.path as (string | number)[];
    const path = [...base, ...inner];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => unknownKey([...path, key], keysAt(schema, inner), source, of));
    }
    const ofKey = issue.code === 'invalid_key';
    const received = ofKey ? path.at(-1) : valueAt(source.value, path);
    const { must, hint } = describeIssue(issue, received);
    const got = received === undefined ? 'It is missing' : `Got ${shown(received)}`;
    const name = pathText(path);
    return [
      new KindredError('KINDRED_MANIFEST_VALUE', {
        message: `${ofKey ? source.locateKey(path) : source.locate(path)}: ${name === '' ? 'the manifest' : `"${name}"`}${of} must ${must}. ${got}.`,
        path: name,
        received,
        hint,
      }),
    ];
  });
}

/** Of a union, the issues of the one form that the value has, so that each is told in its place. */
function nearestForm(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const forms = issue.errors.filter((issues) => issues.every(isInside));
  const [form = []] = forms;
  if (forms.length !== 1) return [issue];
  return form.flatMap((inner) => nearestForm({ ...inner, path: [...issue.path, ...inner.path] }));
}

/** Whether an issue is about a part of a value, the value itself being of the right type. */
function isInside({ code, path }: z.core.$ZodIssue): boolean {
  return path.length > 0 || code === 'unrecognized_keys';
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

/** The keys that a schema knows at `path`, in any of its forms. */
function keysAt(schema: unknown, path: JsonPath): string[] {
  const { shape, element, valueType, options } = unwrapped(schema);
  if (Array.isArray(options)) return [...new Set(options.flatMap((form) => keysAt(form, path)))];
  const [step, ...rest] = path;
  if (step === undefined) return Object.keys(shape ?? {});
  return keysAt(typeof step === 'number' ? element : (shape?.[step] ?? valueType), rest);
}

interface SchemaParts {
  /** The forms of a union. */
  readonly options?: unknown;
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
