import type { z } from 'zod';

import type { ComponentKind, ComponentReference } from '../plugin/contract.js';

import { fillReference, nestedReferences, type FillContext } from './fill-reference.js';
import { issueErrors, valueAt } from './issues.js';

/** Fills an object at `key` that holds a component's options and core's own settings side by side. */
export function fillWithSettings<S extends z.ZodObject>(
  kind: ComponentKind,
  key: string,
  settings: S,
  context: FillContext,
): (ComponentReference & z.output<S>) | undefined {
  const { source, issues } = context;
  const written = valueAt(source.value, [key]);
  const value = typeof written === 'string' ? { use: written } : written;
  // Values of another form are reported by the manifest's own schema.
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const own = Object.keys(settings.shape);
  const part = (wanted: boolean) =>
    Object.fromEntries(Object.entries(value).filter(([name]) => own.includes(name) === wanted));
  const parsed = settings.safeParse(part(true));
  if (!parsed.success) issues.push(...issueErrors(parsed.error, { source, base: [key], schema: settings }));
  const filled = fillReference(kind, typeof written === 'string' ? written : part(false), [key], context);
  const nested = nestedReferences(settings).flatMap(([name, inner]) => {
    const reference = fillReference(inner, valueAt(value, [name]), [key, name], context);
    return reference ? [[name, reference] as const] : [];
  });
  return filled && parsed.success ? { ...filled, ...parsed.data, ...Object.fromEntries(nested) } : undefined;
}
