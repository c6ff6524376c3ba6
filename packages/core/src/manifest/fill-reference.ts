import type { z } from 'zod';

import { isKindredError, KindredError } from '../errors/kindred-error.js';
import type { Component, ComponentKind, ComponentReference } from '../plugin/contract.js';
import type { Registry } from '../plugin/registry.js';

import { issueErrors, pathText, unwrapped } from './issues.js';
import type { JsonPath, ManifestSource } from './source.js';

export interface FillContext {
  readonly source: ManifestSource;
  readonly registry: Registry;
  /** Where mistakes are collected. */
  readonly issues: KindredError[];
}

/**
 * Fills a reference `"name"` or `{ use, ...options }` with its component's defaults, and the references among its options
 * likewise; its `use` becomes `name@version`. Mistakes go to `context.issues`; then the result is undefined.
 */
export function fillReference(
  kind: ComponentKind,
  value: unknown,
  path: JsonPath,
  context: FillContext,
): ComponentReference | undefined {
  const reference = typeof value === 'string' ? { use: value } : value;
  // Values of another form are reported by the manifest's own schema.
  if (!isReference(reference)) return undefined;

  const component = lookUp(kind, reference.use, typeof value === 'string' ? path : [...path, 'use'], context);
  if (!component) return undefined;
  const owner = `${kind} ${component.name}`;
  const { use: _, ...options } = reference;
  const schema = strict(component);
  const parsed = schema.safeParse(options);
  if (!parsed.success) {
    context.issues.push(...issueErrors(parsed.error, { source: context.source, base: path, owner, schema }));
    // All mistakes are told at once: those inside of nested references as well.
    const written = options as Record<string, unknown>;
    for (const [key, nested] of nestedReferences(schema)) fillReference(nested, written[key], [...path, key], context);
    return undefined;
  }
  const filled = parsed.data as Record<string, unknown>;
  for (const [key, nested] of nestedReferences(schema)) {
    if (filled[key] === undefined) continue;
    // As it stands in the manifest, so that a mistake is told in its place; else the default that the schema put there.
    const written = (options as Record<string, unknown>)[key] ?? filled[key];
    filled[key] = fillReference(nested, written, [...path, key], context) ?? filled[key];
  }
  return { use: `${component.name}@${component.version}`, ...filled };
}

/** A component's options schema, refusing unknown keys. */
export function strict(component: Component): z.ZodType {
  const schema = component.options as z.ZodType & { strict?: () => z.ZodType };
  return schema.strict?.() ?? schema;
}

/** The options that refer to other components, as `componentOption` marked them. */
export function nestedReferences(schema: z.ZodType): [key: string, kind: ComponentKind][] {
  const shape = unwrapped(schema).shape ?? {};
  return Object.entries(shape).flatMap(([key, option]) => {
    const kind = (option as z.ZodType).meta?.()?.['kindredComponent'];
    return kind === undefined ? [] : [[key, kind as ComponentKind] as [string, ComponentKind]];
  });
}

function isReference(value: unknown): value is ComponentReference {
  return typeof value === 'object' && value !== null && 'use' in value && typeof value.use === 'string';
}

function lookUp(
  kind: ComponentKind,
  use: string,
  path: JsonPath,
  { registry, source, issues }: FillContext,
): Component | undefined {
  try {
    return registry.get(kind, use).component;
  } catch (error) {
    if (!isKindredError(error)) throw error;
    const { code, hint, received, message } = error;
    const text = `${source.locate(path)}: "${pathText(path)}": ${message}`;
    issues.push(new KindredError(code, { message: text, path: pathText(path), received, hint }));
    return undefined;
  }
}
