import type { Node, Value } from '../onnx/graph.js';

import type { BlockedConv } from './conv.js';
import type { Forms } from './forms.js';
import type { Gradient } from '../onnx/gradients.js';

/** What the rules of one pass over a graph share. Values are the old graph's. */
export interface Pass {
  readonly forms: Forms;
  /** Values that follow from constants alone. */
  readonly constants: ReadonlySet<Value>;
  /** What the nodes `Gradient` compute. */
  readonly gradients: ReadonlyMap<Value, Gradient>;
  /** Convolutions that a bias or an activation may still become part of. */
  readonly convs: Map<Value, BlockedConv>;
  /** True if just one node uses the value. */
  onlyUse(value: Value): boolean;
}

/** Writes `node` on blocked values and returns true, or writes nothing and returns false. */
export type Rule = (node: Node, pass: Pass) => boolean;
