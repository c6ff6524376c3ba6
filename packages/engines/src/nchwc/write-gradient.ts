import type { Node } from '../onnx/graph.js';

import { writeFilterGradient } from './filter-gradient.js';
import { writeMaxPoolGradient } from './max-pool-gradient.js';
import type { Pass } from './pass.js';

/** A gradient that is computed in the pass's own way. */
export function writeGradient(node: Node, pass: Pass): boolean {
  const [output] = node.outputs;
  const gradient = output && pass.gradients.get(output);
  if (!gradient) return false;
  if (gradient.of === 'filter') writeFilterGradient(output, gradient, pass);
  else writeMaxPoolGradient(output, gradient, pass);
  return true;
}
