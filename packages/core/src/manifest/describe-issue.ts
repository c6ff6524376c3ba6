import { inspect } from 'node:util';

import type { z } from 'zod';

import { hintFor, nearest } from '../plugin/nearest.js';

/** What a value must be, in words that follow "must", and perhaps a hint. */
export interface Requirement {
  readonly must: string;
  readonly hint?: string;
}

/** Says what a zod issue demands. */
export function describeIssue(issue: z.core.$ZodIssue, received: unknown): Requirement {
  switch (issue.code) {
    case 'invalid_type':
      return { must: `be ${withArticle(issue.expected === 'int' ? 'whole number' : issue.expected)}` };
    case 'too_small':
      return { must: `be ${bound(issue.origin, issue.inclusive ? 'at least' : 'above', issue.minimum)}` };
    case 'too_big':
      return { must: `be ${bound(issue.origin, issue.inclusive ? 'at most' : 'below', issue.maximum)}` };
    case 'invalid_value':
      return oneOf(issue.values.map(String), received);
    case 'invalid_union':
      return { must: union(issue.errors, received) };
    case 'custom':
    case 'invalid_format':
      return { must: issue.message.replace(/^must /, '') };
    default:
      return { must: `fit its schema: ${issue.message}` };
  }
}

/** A received value, short enough for one line. */
export function shown(value: unknown): string {
  const text = inspect(value, { depth: 1, breakLength: Infinity, maxArrayLength: 5, maxStringLength: 60 });
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function oneOf(values: readonly string[], received: unknown): Requirement {
  const must = values.length === 1 ? `be ${values[0]}` : `be one of ${values.join(', ')}`;
  const near = typeof received === 'string' ? nearest(received, values) : undefined;
  return near === undefined ? { must } : { must, hint: hintFor(near, values, '') };
}

function union(errors: readonly (readonly z.core.$ZodIssue[])[], received: unknown): string {
  const first = errors.flatMap((issues) => (issues[0] && issues[0].path.length === 0 ? [issues[0]] : []));
  // A string that fails as a string is told about strings alone, not that it could have been an object as well.
  const sameType = first.filter((issue) => issue.code !== 'invalid_type');
  const parts = (sameType.length > 0 ? sameType : first).map((issue) => describeIssue(issue, received).must);
  return [...new Set(parts)].join(' or ') || 'fit one of its forms';
}

function bound(origin: string, relation: string, limit: number | bigint): string {
  const unit = origin === 'string' ? ' characters long' : origin === 'array' ? ' items long' : '';
  return `${relation} ${limit}${unit}`;
}

function withArticle(noun: string): string {
  return noun === 'undefined' ? 'left out' : `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
}
