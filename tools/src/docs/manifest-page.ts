import { COMPONENT_KINDS, type ComponentKind } from '@kindred/core';
import { manifestJsonSchema, type Registry } from '@kindred/core/host';

import { optionsTable, type Schema } from './component-table.js';

interface ManifestSchema extends Schema {
  readonly $defs?: Readonly<Record<string, Schema>>;
}

/** What each kind of component does in a manifest; a kind without built-ins is listed by itself. */
const WHERE: Readonly<Record<ComponentKind, string>> = {
  dataset: 'At `data`. Lists images and their labels.',
  augmentation: 'In the list `augmentation` of `training`. Changes training images anew in every epoch.',
  backbone: 'At `backbone`. Turns an image into a feature.',
  transform: 'In the list `transforms` of a branch. Fitted on the features of the training part.',
  head: 'At `head` of a branch. Learns labels from features.',
  detector: 'At `detector` of a branch. Learns from wanted images alone whether an image belongs.',
  calibrator: 'At `calibrator` of a branch. Turns scores into probabilities.',
  threshold:
    'At `thresholds` of a branch. Chooses, on the validation part, from which probability on a label is given.',
  loss: 'At `loss` of a head.',
  optimizer: 'At `optimizer` of `training`.',
  schedule: 'At `schedule` of `training`. Changes the learning rate as training goes on.',
  metric:
    'In the list `metrics`. Computed on the test part; the usual set for the head is used if `metrics` is left out.',
  engine: 'At `engine`. Compiles and runs programs.',
  service: 'Replaces a service that components are handed.',
};

const INTRODUCTION = `# The manifest

<!-- Made by \`npm run docs\` from the schema. Change the descriptions there, or the text in tools/src/docs. -->

A manifest is a JSON file that declares a pipeline. Comments are allowed; it is data and never code.

- Where a component is wanted, \`"x"\` is short for \`{ "use": "x" }\`. Its options stand beside \`use\`. \`"x@1"\` pins its version.
- A pipeline with one branch may write \`transforms\`, \`head\` or \`detector\`, \`calibrator\` and \`thresholds\` at the top level; the branch is then
  called \`main\`. With \`branches\`, each has a name of its own and they share the backbone.
- Relative paths start at the folder of the manifest; a template for images starts at the folder of its CSV file.
- Unknown keys, unknown components and bad values are errors. All are reported at once, with their line and column.

\`npx kindred check MANIFEST\` prints a manifest with every default in place. \`npx kindred schema --out kindred.schema.json\` writes a JSON
schema: with \`"$schema": "./kindred.schema.json"\` editors complete and check it. Manifests that run are in [examples](../examples).`;

/** The text of docs/MANIFEST.md: every top-level key and every component of `registry` with its options. */
export function manifestPage(registry: Registry): string {
  const schema = manifestJsonSchema(registry) as ManifestSchema;
  const kinds = COMPONENT_KINDS.filter((kind) => registry.all(kind).length > 0);
  const empty = COMPONENT_KINDS.filter((kind) => registry.all(kind).length === 0);
  const sections = kinds.flatMap((kind) => kindSection(kind, schema.$defs?.[kind] ?? {}, registry));
  return [
    INTRODUCTION,
    '',
    '## Top-level keys',
    '',
    ...optionsTable(schema),
    '',
    '## A branch',
    '',
    ...optionsTable(branchOf(schema)),
    '',
    ...sections,
    '## Kinds without built-ins',
    '',
    `Nothing that comes with Kindred fills these kinds yet; a plugin may: ${empty.map((kind) => `\`${kind}\``).join(', ')}.`,
    '',
  ].join('\n');
}

function kindSection(kind: ComponentKind, { anyOf = [] }: Schema, registry: Registry): string[] {
  const components = registry.all(kind).map(({ component, plugin }) => ({
    component,
    plugin,
    schema: anyOf.find(({ properties }) => properties?.['use']?.enum?.includes(component.name)),
  }));
  const shared = SHARED[kind] ?? [];
  return [
    `## ${capital(kind)}`,
    '',
    WHERE[kind],
    '',
    ...(shared.length > 0
      ? [`Every ${kind} has these options:`, '', ...sharedTable(components[0]?.schema ?? {}, shared), '']
      : []),
    ...components.flatMap(({ component, plugin, schema }) => [
      `### \`${component.name}\``,
      '',
      `${component.summary} Version ${component.version}, of \`${plugin}\`.`,
      '',
      ...optionsTable(without(required(schema, component.name), ['use', ...shared])),
      '',
    ]),
  ];
}

/** What core keeps beside the options of a component. */
const SHARED: Partial<Record<ComponentKind, readonly string[]>> = {
  dataset: ['split', 'onError', 'limitInputPixels'],
  backbone: ['precision', 'calibrationImages', 'maxDrift'],
};

function sharedTable(schema: Schema, shared: readonly string[]): string[] {
  const others = Object.keys(schema.properties ?? {}).filter((key) => !shared.includes(key));
  return optionsTable(without(schema, others));
}

function without(schema: Schema, keys: readonly string[]): Schema {
  const kept = Object.entries(schema.properties ?? {}).filter(([key]) => !keys.includes(key));
  return { ...schema, properties: Object.fromEntries(kept) };
}

function branchOf({ properties }: Schema): Schema {
  const { additionalProperties: branch } = properties?.['branches'] ?? {};
  return typeof branch === 'object' ? branch : {};
}

function required(schema: Schema | undefined, name: string): Schema {
  if (schema) return schema;
  throw new Error(`the JSON schema of manifests must hold the component ${name}`);
}

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
