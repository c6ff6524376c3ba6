import { KindredError } from '../errors/kindred-error.js';

import {
  COMPONENT_KINDS,
  type Component,
  type ComponentByKind,
  type ComponentKind,
  type ComponentReference,
  type Plugin,
} from './contract.js';
import { hintFor, nearest } from './nearest.js';
import { providerOf } from './known-components.js';
import { withArticle } from './with-article.js';

/** A component and the plugin it came from. */
export interface Registered<K extends ComponentKind = ComponentKind> {
  readonly component: ComponentByKind[K];
  readonly plugin: string;
}

/** One row of `kindred plugins`. */
export interface ComponentListing {
  readonly kind: ComponentKind;
  readonly name: string;
  readonly version: number;
  readonly summary: string;
  readonly plugin: string;
}

/** All components of the loaded plugins: one typed slot for each kind. It never changes once built. */
export interface Registry {
  /**
   * The component that `use` (`name` or `name@version`) names; the newest version where none is pinned.
   * @throws KINDRED_MANIFEST_UNKNOWN_COMPONENT, KINDRED_MANIFEST_COMPONENT_VERSION
   */
  get<K extends ComponentKind>(kind: K, use: string): Registered<K>;
  /** All components of a kind, newest version first, in the order of their plugins. */
  all<K extends ComponentKind>(kind: K): readonly Registered<K>[];
  list(): readonly ComponentListing[];
}

type Slots = { readonly [K in ComponentKind]: Map<string, Registered<K>[]> };

/**
 * Builds a registry.
 * @throws KINDRED_PLUGIN_DUPLICATE if two components of one kind share name and version.
 */
export function createRegistry(plugins: readonly Plugin[]): Registry {
  // `fromEntries` forgets which key goes with which value, so the relation of kind and slot is stated again.
  const slots = Object.fromEntries(COMPONENT_KINDS.map((kind) => [kind, new Map()])) as unknown as Slots;
  for (const plugin of plugins) {
    for (const component of plugin.components) add(slots, plugin.name, component);
  }
  const all = <K extends ComponentKind>(kind: K): readonly Registered<K>[] => {
    const slot: Map<string, Registered<K>[]> = slots[kind];
    return [...slot.values()].flat();
  };

  return {
    all,
    get: (kind, use) => find(slots, kind, use),
    list: () =>
      COMPONENT_KINDS.flatMap((kind) =>
        all(kind).map(({ component, plugin }) => ({
          kind,
          name: component.name,
          version: component.version,
          summary: component.summary,
          plugin,
        })),
      ),
  };
}

/** Splits `name@2` into name and pinned version. */
export function parseUse(use: string): { name: string; version?: number } {
  const [, name = use, version] = /^(.*)@(\d+)$/.exec(use) ?? [];
  return version === undefined ? { name } : { name, version: Number(version) };
}

/** The reference `{ use, ...options }` without its `use`. */
export function optionsOf(reference: ComponentReference): Record<string, unknown> {
  const { use: _, ...options } = reference;
  return options;
}

function add(slots: Slots, plugin: string, component: Component): void {
  const slot = slots[component.kind] as Map<string, Registered[]>;
  const versions = slot.get(component.name) ?? [];
  const taken = versions.find((other) => other.component.version === component.version);
  if (taken) {
    throw new KindredError('KINDRED_PLUGIN_DUPLICATE', {
      message: `The ${component.kind} ${component.name}@${component.version} must come from one plugin. Got it from ${taken.plugin} and from ${plugin}.`,
      received: component.name,
      hint: 'Load only one of the two plugins, or give one of the components another name.',
    });
  }
  versions.push({ component, plugin });
  versions.sort((a, b) => b.component.version - a.component.version);
  slot.set(component.name, versions);
}

function find<K extends ComponentKind>(slots: Slots, kind: K, use: string): Registered<K> {
  const { name, version } = parseUse(use);
  const slot: Map<string, Registered<K>[]> = slots[kind];
  const versions = slot.get(name);
  if (!versions) {
    const provider = providerOf(kind, name);
    const known = [...slot.keys()];
    throw new KindredError('KINDRED_MANIFEST_UNKNOWN_COMPONENT', {
      message: `The ${kind} must be contributed by a loaded plugin. Got "${use}".`,
      received: use,
      hint: provider
        ? `${provider} provides it: add it to "plugins".`
        : hintFor(nearest(name, known), known, `No loaded plugin contributes ${withArticle(kind)}.`),
    });
  }
  const found = version === undefined ? versions[0] : versions.find((other) => other.component.version === version);
  if (!found) {
    const available = versions.map((other) => `${name}@${other.component.version}`).join(', ');
    throw new KindredError('KINDRED_MANIFEST_COMPONENT_VERSION', {
      message: `The pinned version of the ${kind} ${name} must be available. Got "${use}".`,
      received: use,
      hint: `Available: ${available}. An older version of ${versions[0]?.plugin ?? 'the plugin'} may have it.`,
    });
  }
  return found;
}
