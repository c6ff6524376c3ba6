import { isDeepStrictEqual } from 'node:util';

import type { Random } from '../context/random.js';
import { KindredError } from '../errors/kindred-error.js';
import type { HeadModel } from '../plugin/contract.js';
import type { NdArray } from '../tensor/nd-array.js';
import { sampledRows, type RowOrder } from '../training/row-order.js';

export interface JointRows {
  /** `[N, L]`. */
  readonly targets: NdArray<'uint8'>;
  readonly batchSize: number;
  readonly random: Random;
}

/**
 * The order of rows that the heads which are trained together want: a sampler of one of them serves all. Undefined where each head takes
 * every row.
 * @throws KINDRED_MANIFEST_VALUE if two heads want other rows; what samplers throw
 */
export function jointOrder(heads: Readonly<Record<string, HeadModel>>, rows: JointRows): RowOrder | undefined {
  const orders = Object.entries(heads).flatMap(([name, head]) => {
    const order = sampledRows(head, { name, ...rows });
    return order ? [{ name, order }] : [];
  });
  const [first, ...others] = orders;
  const other = others.find(({ order }) => !isDeepStrictEqual(order(1), first?.order(1)));
  if (!first || !other) return first?.order;
  throw new KindredError('KINDRED_MANIFEST_VALUE', {
    message: `Heads that are trained together with a backbone must draw their batches in one way. Those of '${first.name}' and '${other.name}' have samplers that differ.`,
    path: `branches.${other.name}.head`,
    hint: `Give both the same sampler, or let one branch read the other: "from": "${first.name}.embedding".`,
  });
}
