import { hintFor, KindredError, nearest } from '@kindred/core';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';

/**
 * What the layer named `name` gives.
 * @param option The option that names it, for messages.
 * @throws KINDRED_BACKBONE_TAP if there is no such layer, or it has several outputs
 */
export function outputOf(model: LayersModel, name: string, option: 'tap' | 'trainable'): SymbolicTensor {
  const names = model.layers.filter((layer) => layer.getClassName() !== 'InputLayer').map((layer) => layer.name);
  const what = option === 'tap' ? 'The tap' : 'What follows "from:" in "trainable"';
  if (!names.includes(name)) {
    throw new KindredError('KINDRED_BACKBONE_TAP', {
      message: `${what} must be the name of a layer of the model "${model.name}". There is no layer "${name}".`,
      path: option,
      received: name,
      hint: hintFor(nearest(name, names), names, 'The model has no layers.'),
    });
  }
  const { output } = model.getLayer(name);
  if (!Array.isArray(output)) return output;
  throw new KindredError('KINDRED_BACKBONE_TAP', {
    message: `${what} must be a layer with one output. The layer "${name}" of the model "${model.name}" has ${output.length}.`,
    path: option,
    received: name,
    hint: 'Choose a layer before or after it.',
  });
}
