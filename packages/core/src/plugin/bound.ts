import { isKindredError, KindredError } from '../errors/kindred-error.js';

import type { ComponentByKind, ComponentKind, ComponentReference } from './contract.js';
import { optionsOf, type Registry } from './registry.js';

/** A component with the options that a manifest gives it. */
export interface Bound<K extends ComponentKind> {
  readonly kind: K;
  readonly component: ComponentByKind[K];
  readonly options: unknown;
  readonly plugin: string;
  readonly reference: ComponentReference;
}

/** Binds a filled reference to its component. */
export function bind<K extends ComponentKind>(registry: Registry, kind: K, reference: ComponentReference): Bound<K> {
  const { component, plugin } = registry.get(kind, reference.use);
  const options = component.options.parse(optionsOf(reference));
  return { kind, component, options, plugin, reference };
}

/**
 * Calls into a component. What it throws on purpose passes; anything else is wrapped with the names of plugin and step.
 * @throws KINDRED_PLUGIN_FAILED
 */
export async function call<K extends ComponentKind, T>(
  bound: Bound<K>,
  step: string,
  action: (component: ComponentByKind[K], options: unknown) => Promise<T> | T,
  signal?: AbortSignal,
): Promise<T> {
  try {
    return await action(bound.component, bound.options);
  } catch (error) {
    if (isKindredError(error)) throw error;
    signal?.throwIfAborted();
    throw pluginFailed(bound, step, error);
  }
}

/** The same for code that runs inside of a program and cannot wait. */
export function callSync<K extends ComponentKind, T>(bound: Bound<K>, step: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (isKindredError(error)) throw error;
    throw pluginFailed(bound, step, error);
  }
}

function pluginFailed(bound: Bound<ComponentKind>, step: string, cause: unknown): KindredError {
  const { component, kind, plugin } = bound;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new KindredError('KINDRED_PLUGIN_FAILED', {
    message: `The ${kind} ${component.name} of ${plugin} must not throw. It did in "${step}": ${reason}`,
    received: component.name,
    hint: 'This is an error in the plugin: run with --verbose for its stack and tell its author.',
    cause,
  });
}
