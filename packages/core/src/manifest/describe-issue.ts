import type { z } from 'zod';

import { hintFor, nearest } from '../plugin/nearest.js';

/** What a value must be, in words that follow "must", and perhaps a hint. */
export interface Requirement {
  readonly must: string;
  readonly hint?: string;
}

/** JSON's types in words that need no knowledge of programming. */
const TYPES: Readonly<Record<string, string>> = {
  string: 'a text in quotes',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list [...]',
  object: 'an object {...}',
  record: 'an object {...}',
  undefined: 'left out',
};

/** Says what a zod issue demands. A message that begins with "must" was written for people and is taken as it is. */
export function describeIssue(issue: z.core.$ZodIssue, received: unknown): Requirement {
  if (issue.message.startsWith('must ')) return { must: issue.message.slice('must '.length) };
  switch (issue.code) {
    case 'invalid_type':
      return { must: `be ${TYPES[issue.expected] ?? issue.expected}` };
    case 'too_small':
      if (issue.exact) return { must: limit(issue.origin, ['exactly', 'exactly'], issue.minimum) };
      return {
        must: limit(issue.origin, issue.inclusive ? ['at least', 'at least'] : ['above', 'more than'], issue.minimum),
      };
    case 'too_big':
      if (issue.exact) return { must: limit(issue.origin, ['exactly', 'exactly'], issue.maximum) };
      return {
        must: limit(issue.origin, issue.inclusive ? ['at most', 'at most'] : ['below', 'fewer than'], issue.maximum),
      };
    case 'not_multiple_of':
      return { must: `be a multiple of ${issue.divisor}` };
    case 'invalid_value':
      return oneOf(issue.values, received);
    case 'invalid_union':
      return 'options' in issue && Array.isArray(issue.options)
        ? oneOf(
            issue.options.filter((option) => option !== undefined),
            received,
          )
        : union(issue, received);
    case 'invalid_key':
      return describeIssue(issue.issues[0] ?? { ...issue, code: 'custom' }, received);
    case 'invalid_format':
      return { must: issue.pattern === undefined ? `be a valid ${issue.format}` : `match ${issue.pattern}` };
    default:
      return { must: `fit its schema: ${issue.message}` };
  }
}

/** A received value as it stands in the manifest, short enough for one line. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function oneOf(values: readonly unknown[], received: unknown): Requirement {
  const quoted = values.map(shown);
  const must = `be ${quoted.length > 2 ? 'one of ' : ''}${orList(quoted)}`;
  const words = values.filter((value) => typeof value === 'string');
  const near = typeof received === 'string' ? nearest(received, words) : undefined;
  return near === undefined ? { must } : { must, hint: hintFor(near, words, '') };
}

function union(issue: z.core.$ZodIssueInvalidUnion, received: unknown): Requirement {
  const first = issue.errors.flatMap(([inner]) => (inner && inner.path.length === 0 ? [inner] : []));
  // A string that fails as a string is told about strings alone, not that it could have been an object as well.
  const sameType = first.filter(({ code }) => code !== 'invalid_type');
  const parts = (sameType.length > 0 ? sameType : first).map((inner) => describeIssue(inner, received));
  const [only, ...others] = parts;
  if (only && others.length === 0) return only;
  return {
    must: orList([...new Set(parts.map(({ must }) => must))]) || 'have one of the forms that its help describes',
  };
}

function limit(origin: string, [ofValue, ofCount]: readonly [string, string], bound: number | bigint): string {
  const unit = { string: 'character', array: 'item', set: 'item', object: 'key' }[origin];
  if (unit === undefined) return `be ${ofValue} ${bound}`;
  return `have ${ofCount} ${bound} ${unit}${Number(bound) === 1 ? '' : 's'}`;
}

function orList(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} or ${parts.at(-1)}`;
}
