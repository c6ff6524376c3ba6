import 'reflect-metadata';

import { container, instanceCachingFactory, type DependencyContainer } from 'tsyringe';

import type { Token } from './tokens.js';

/** How a token's value is made, once, when it is first asked for; and ended with the scope. */
export interface Provider<T> {
  create(scope: Scope): T;
  dispose?(value: T): Promise<void> | void;
}

/**
 * The dependency injection of one pipeline: a child container of its own, explicit tokens, every value made at most once.
 * What was made is disposed in reverse order.
 */
export class Scope {
  readonly #container: DependencyContainer;
  readonly #disposers: (() => Promise<void> | void)[] = [];
  readonly #parent: Scope | undefined;

  constructor(parent?: Scope) {
    this.#parent = parent;
    this.#container = container.createChildContainer();
  }

  /**
   * A scope that has what is provided to it, and for everything else asks this one. Whoever disposes of it leaves alone what
   * belongs to this one.
   */
  derive(): Scope {
    return new Scope(this);
  }

  /** @throws RangeError if the token is taken: tsyringe itself would keep both in silence. */
  provide<T>(token: Token<T>, provider: Provider<T>): this {
    if (this.#container.isRegistered(token)) throw new RangeError(`${String(token)} is registered twice`);
    const useFactory = instanceCachingFactory(() => {
      const value = provider.create(this);
      // Pushed after `create` has made what this value depends on, so that those are disposed after it.
      this.#disposers.push(() => provider.dispose?.(value));
      return value;
    });
    this.#container.register(token, { useFactory });
    return this;
  }

  /** @throws RangeError if nobody provided the token: tsyringe itself would look in the global container. */
  resolve<T>(token: Token<T>): T {
    if (!this.#container.isRegistered(token) && this.#parent) return this.#parent.resolve(token);
    if (!this.#container.isRegistered(token)) throw new RangeError(`${String(token)} is not registered`);
    return this.#container.resolve<T>(token);
  }

  /** Disposes of everything that was made, the last first; goes on after a failure and then throws the first. */
  async dispose(): Promise<void> {
    const failures: unknown[] = [];
    for (let disposer = this.#disposers.pop(); disposer; disposer = this.#disposers.pop()) {
      try {
        await disposer();
      } catch (error) {
        failures.push(error);
      }
    }
    this.#container.clearInstances();
    if (failures.length > 0) throw failures[0];
  }
}
