import type { Node } from '../onnx/graph.js';

import { imageShape } from './layout.js';
import type { Pass } from './pass.js';

/** Between NCHW and NHWC: blocks are put into either order in one step, and made from either. */
export function rewriteTranspose(node: Node, pass: Pass): boolean {
  const [input] = node.inputs;
  const [output] = node.outputs;
  const perm = node.attributes['perm'];
  if (!input || !output || !perm || !('ints' in perm) || !imageShape(input)) return false;
  switch (perm.ints.join()) {
    case '0,2,3,1':
      pass.forms.setPlain(output, pass.forms.channelsLast(input));
      return true;
    case '0,3,1,2':
      pass.forms.setChannelsLast(output, pass.forms.plain(input));
      return true;
    default:
      return false;
  }
}
