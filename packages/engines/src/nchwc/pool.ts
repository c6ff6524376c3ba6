import type { Node } from '../onnx/graph.js';

import { blockedShape, imageShape, NCHWC } from './layout.js';
import type { Pass } from './pass.js';

/** MaxPool and AveragePool of what is in blocks. The places of the maxima, a second output, exist for plain images only. */
export function rewritePool(node: Node, pass: Pass): boolean {
  const [image] = node.inputs;
  const [output, places] = node.outputs;
  const shape = output && imageShape(output);
  if (!image || !shape || places || !pass.forms.hasBlocked(image)) return false;
  const { emit, block } = pass.forms;
  const result = { type: 'float32', shape: blockedShape(shape, block) } as const;
  const { op, attributes } = node;
  const value = emit.node(op, [pass.forms.blocked(image)], result, { domain: NCHWC, attributes });
  pass.forms.setBlocked(output, value);
  return true;
}
