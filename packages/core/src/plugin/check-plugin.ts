import { KindredError } from '../errors/kindred-error.js';

import { API_VERSION, COMPONENT_KINDS, type Component, type ComponentKind, type Plugin } from './contract.js';

/** The functions without which a component cannot do its work. */
const FUNCTIONS: Readonly<Record<ComponentKind, readonly string[]>> = {
  dataset: ['load'],
  // Exactly one of three: see `augmentationProblem`.
  augmentation: [],
  backbone: ['create'],
  transform: ['fit', 'apply'],
  head: ['create'],
  detector: ['fit', 'apply'],
  calibrator: ['fit', 'apply'],
  threshold: ['choose'],
  loss: ['create'],
  optimizer: ['create'],
  schedule: ['create'],
  metric: ['compute'],
  engine: ['create'],
  service: ['create'],
};

/**
 * Checks that `value` is what `definePlugin` returns.
 * @throws KINDRED_PLUGIN_INVALID, KINDRED_PLUGIN_API_VERSION
 */
export function checkPlugin(specifier: string, value: unknown): Plugin {
  const invalid = (message: string, received?: unknown) =>
    new KindredError('KINDRED_PLUGIN_INVALID', {
      message: `The plugin ${specifier} ${message}`,
      received,
      hint: 'Its default export must be `definePlugin({ name, apiVersion, components })`.',
    });

  const plugin = value as Partial<Plugin> | null | undefined;
  if (typeof plugin !== 'object' || plugin === null) {
    throw invalid(`must have a plugin as its default export. Got ${plugin === null ? 'null' : typeof plugin}.`);
  }
  if (typeof plugin.name !== 'string' || !Array.isArray(plugin.components)) {
    throw invalid('must have a name and a list of components.');
  }
  if (plugin.apiVersion !== API_VERSION) throw wrongApiVersion(specifier, plugin.apiVersion);
  plugin.components.forEach((component: Partial<Component> | null | undefined, index) => {
    const problem = componentProblem(component ?? {}, `components[${index}]`);
    if (problem !== undefined) throw invalid(problem);
  });
  return plugin as Plugin;
}

export function wrongApiVersion(specifier: string, stated: unknown): KindredError {
  const newer = typeof stated === 'number' && stated > API_VERSION;
  return new KindredError('KINDRED_PLUGIN_API_VERSION', {
    message: `The plugin ${specifier} must be written for API version ${API_VERSION}. Got ${String(stated)}.`,
    received: stated,
    hint: newer ? 'Upgrade Kindred.' : `Upgrade ${specifier}.`,
  });
}

function componentProblem({ kind, name, version, ...rest }: Partial<Component>, at: string): string | undefined {
  if (!COMPONENT_KINDS.some((known) => known === kind)) {
    return `must give ${at} one of the kinds ${COMPONENT_KINDS.join(', ')}. Got ${String(kind)}.`;
  }
  if (typeof name !== 'string' || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) {
    return `must give ${at} a kebab-case name. Got ${String(name)}.`;
  }
  if (!Number.isInteger(version) || Number(version) < 1) {
    return `must give ${at} (${name}) a whole version of at least 1. Got ${String(version)}.`;
  }
  if (typeof rest.options?.safeParse !== 'function') return `must give ${at} (${name}) a zod schema as its options.`;
  const functions = rest as Readonly<Record<string, unknown>>;
  const missing = FUNCTIONS[kind as ComponentKind].find((required) => typeof functions[required] !== 'function');
  if (missing === undefined)
    return kind === 'augmentation' ? augmentationProblem(functions, `${at} (${name})`) : undefined;
  return `must give ${at} (${name}) the function ${missing}(): every ${String(kind)} has one.`;
}

function augmentationProblem(functions: Readonly<Record<string, unknown>>, at: string): string | undefined {
  const given = ['geometry', 'apply', 'mix'].filter((name) => typeof functions[name] === 'function');
  if (given.length === 1) return undefined;
  return `must give ${at} exactly one of the functions geometry(), apply() and mix(). Got ${given.join(' and ') || 'none'}.`;
}
