import { z } from 'zod';

import type { ComponentKind, ComponentReference } from './contract.js';
import { withArticle } from './with-article.js';

type ReferenceSchema = z.ZodType<ComponentReference, string | ComponentReference>;

/**
 * The schema of an option that names another component: `"name"`, `"name@2"` or `{ "use": "name", ...its options }`; yields
 * the long form. The referred component's own options are checked by whoever finds `kindredComponent` in the metadata.
 */
export function componentOption(kind: ComponentKind): ReferenceSchema;
export function componentOption(kind: ComponentKind, fallback: string): z.ZodPrefault<ReferenceSchema>;
export function componentOption(kind: ComponentKind, fallback?: string) {
  const must = `must name ${withArticle(kind)}: "name", "name@2" or { "use": "name", ...its options }`;
  const use = z.string(must).regex(/^[a-z0-9]+(-[a-z0-9]+)*(@[1-9][0-9]*)?$/, must);
  const reference: ReferenceSchema = z
    .union([use, z.looseObject({ use }, must)])
    .transform((value) => (typeof value === 'string' ? { use: value } : value));
  // Every wrapper is a schema of its own: the outermost one carries the metadata too.
  const marked = reference.meta({ kindredComponent: kind });
  return fallback === undefined ? marked : marked.prefault(fallback).meta({ kindredComponent: kind });
}
