import { z } from 'zod';

import { COMPONENT_KINDS, type Component, type ComponentKind } from '../plugin/contract.js';
import type { Registry } from '../plugin/registry.js';

import { strict } from './fill-reference.js';
import { backboneSettings, dataSettings, manifestSchema } from './schema.js';

type JsonSchema = Record<string, unknown>;

/** The JSON schema (draft 2020-12) of manifests, with the options of every component that `registry` holds. */
export function manifestJsonSchema(registry: Registry): JsonSchema {
  const schema = toJsonSchema(manifestSchema);
  return {
    ...schema,
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Kindred manifest',
    $defs: Object.fromEntries(COMPONENT_KINDS.map((kind) => [kind, referenceSchema(kind, registry)])),
  };
}

/** Any component of a kind: by name, or as an object with the options that its `use` implies. */
function referenceSchema(kind: ComponentKind, registry: Registry): JsonSchema {
  const components = registry.all(kind).map(({ component }) => component);
  const short = components.filter((component) => strict(component).safeParse({}).success);
  const names = short.flatMap(({ name, version }) => [name, `${name}@${version}`]);
  const forms = [...(names.length > 0 ? [{ enum: [...new Set(names)] }] : []), ...components.map(longForm)];
  return {
    description: `A ${kind}: its name, or an object with "use" and its options.`,
    // A kind that no plugin contributes is referred to all the same.
    ...(forms.length > 0 ? { anyOf: forms } : { not: {} }),
  };
}

function longForm(component: Component): JsonSchema {
  const options = toJsonSchema(strict(component));
  const settings = { dataset: dataSettings, backbone: backboneSettings }[component.kind as string];
  const shared = settings ? (toJsonSchema(settings).properties as JsonSchema) : {};
  const { name, version, summary, docs } = component;
  return {
    ...options,
    description: docs === undefined ? summary : `${summary} ${docs}`,
    properties: {
      use: { enum: [name, `${name}@${version}`], description: summary },
      ...(options.properties as JsonSchema | undefined),
      ...shared,
    },
    required: ['use', ...((options.required as string[] | undefined) ?? [])],
  };
}

function toJsonSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  return withReferences(json) as JsonSchema;
}

/** Replaces what `componentOption` marked by a reference to the definition of its kind. */
function withReferences(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withReferences);
  if (typeof value !== 'object' || value === null) return value;
  const { kindredComponent, ...schema } = value as JsonSchema;
  if (typeof kindredComponent === 'string') {
    const { description, default: fallback } = schema;
    return {
      $ref: `#/$defs/${kindredComponent}`,
      ...(description === undefined ? {} : { description }),
      ...(fallback === undefined ? {} : { default: fallback }),
    };
  }
  return Object.fromEntries(Object.entries(schema).map(([key, inner]) => [key, withReferences(inner)]));
}
