import 'reflect-metadata';

import { container } from 'tsyringe';
import { describe, expect, it } from 'vitest';

import { Scope } from './scope.js';
import type { Token } from './tokens.js';

const token = <T = string>(name: string) => Symbol(name) as Token<T>;
const [A, B, C] = [token('A'), token('B'), token('C')];

/** A needs B, B needs C; what happens is written to `log`. */
function chained(log: string[], failing: { create?: string; dispose?: readonly string[] } = {}): Scope {
  const provider = (name: string, needs?: Token<string>) => ({
    create(scope: Scope) {
      if (needs) scope.resolve(needs);
      if (failing.create === name) throw new Error(`${name} cannot be made`);
      log.push(`make ${name}`);
      return name;
    },
    dispose(value: string) {
      log.push(`end ${value}`);
      if (failing.dispose?.includes(value)) throw new Error(`${value} cannot be ended`);
    },
  });
  return new Scope().provide(A, provider('A', B)).provide(B, provider('B', C)).provide(C, provider('C'));
}

describe('a scope', () => {
  it('makes each value once, when it is first asked for', () => {
    const log: string[] = [];
    const scope = chained(log);
    expect(log).toEqual([]);
    scope.resolve(C);
    expect([scope.resolve(A), scope.resolve(B), scope.resolve(A)]).toEqual(['A', 'B', 'A']);
    expect(log).toEqual(['make C', 'make B', 'make A']);
  });

  it('ends in reverse order what was made, and nothing else', async () => {
    const log: string[] = [];
    const scope = chained(log);
    scope.resolve(B);
    await scope.dispose();
    expect(log).toEqual(['make C', 'make B', 'end B', 'end C']);
  });

  it('waits for one end before the next begins', async () => {
    const log: string[] = [];
    const slow = (name: string) => ({
      create: () => name,
      async dispose() {
        log.push(`begin ${name}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
        log.push(`done ${name}`);
      },
    });
    const scope = new Scope().provide(A, slow('A')).provide(B, slow('B'));
    scope.resolve(A);
    scope.resolve(B);
    await scope.dispose();
    expect(log).toEqual(['begin B', 'done B', 'begin A', 'done A']);
  });

  it('ends the rest after one that fails, and then fails with the first failure', async () => {
    const log: string[] = [];
    const scope = chained(log, { dispose: ['A', 'B'] });
    scope.resolve(A);
    await expect(scope.dispose()).rejects.toThrow('A cannot be ended');
    expect(log.slice(3)).toEqual(['end A', 'end B', 'end C']);
  });

  it('ends what was made for a value that could not be made', async () => {
    const log: string[] = [];
    const scope = chained(log, { create: 'A' });
    expect(() => scope.resolve(A)).toThrow(new Error('A cannot be made'));
    await scope.dispose();
    expect(log).toEqual(['make C', 'make B', 'end B', 'end C']);
  });

  it('ends once', async () => {
    const log: string[] = [];
    const scope = chained(log);
    scope.resolve(C);
    await scope.dispose();
    await scope.dispose();
    expect(log).toEqual(['make C', 'end C']);
  });

  it('refuses a token twice, which tsyringe takes in silence', () => {
    const scope = new Scope().provide(A, { create: () => 'one' });
    expect(() => scope.provide(A, { create: () => 'other' })).toThrow(new RangeError('Symbol(A) is registered twice'));
    expect(scope.resolve(A)).toBe('one');
  });

  it('refuses a token that nobody provided', () => {
    expect(() => new Scope().resolve(B)).toThrow(/Symbol\(B\)/);
  });

  it('shares nothing with another scope', () => {
    const [one, other] = [0, 1].map(() => new Scope().provide(A, { create: () => ({}) as string }));
    expect(one?.resolve(A)).not.toBe(other?.resolve(A));
  });

  it('that is derived takes what it is not given from the one it comes from, and leaves that alone', async () => {
    const log: string[] = [];
    const outer = chained(log);
    const derived = outer.derive().provide(A, { create: (scope) => `other ${scope.resolve(B)}` });
    expect([derived.resolve(A), outer.resolve(A), derived.resolve(B)]).toEqual(['other B', 'A', 'B']);
    await derived.dispose();
    expect(log).toEqual(['make C', 'make B', 'make A']);
    expect(outer.resolve(B)).toBe('B');
  });

  it("leaves nothing in tsyringe's global container, and takes nothing from it", () => {
    const scope = new Scope().provide(A, { create: () => 'own' });
    scope.resolve(A);
    expect(container.isRegistered(A, true)).toBe(false);
    container.registerInstance(B, 'global');
    try {
      expect(() => scope.resolve(B)).toThrow(/Symbol\(B\)/);
    } finally {
      container.reset();
    }
  });
});
