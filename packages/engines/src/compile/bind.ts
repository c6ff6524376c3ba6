import type { Variable } from '@tensorflow/tfjs-core';

/**
 * Runs `body` while each variable stands for the one of a program that keeps its value: reads give what that has, and
 * assignments go to it. Afterwards the variables are what they were.
 */
export function withBoundState<T>(pairs: readonly (readonly [user: Variable, own: Variable])[], body: () => T): T {
  const before = pairs.map(([user]) => user.dataId);
  for (const [user, own] of pairs) {
    user.dataId = own.dataId;
    user.assign = (value) => {
      own.assign(value);
      user.dataId = own.dataId;
    };
  }
  try {
    return body();
  } finally {
    pairs.forEach(([user], i) => {
      user.dataId = before[i] as Variable['dataId'];
      // The method of the prototype shows again.
      delete (user as Partial<Variable>).assign;
    });
  }
}
