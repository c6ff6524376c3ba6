import { prepareTf } from '@kindred/core';
import { loadLayersModel, type LayersModel } from '@tensorflow/tfjs-layers';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * Builds a layers model from Keras' description of it, without values for its weights: they stay zero until a caller brings
 * its own. `input` replaces the spatial size `[height, width]` it was made for.
 */
export async function buildLayersModel(topology: object, input?: readonly [number, number]): Promise<LayersModel> {
  // Layers put their weights into a backend as they are built, so there must be one.
  await prepareTf();
  const modelTopology = withoutInitializers(topology as Json);
  if (input !== undefined) resizeInput(modelTopology, input);
  return loadLayersModel({ load: () => Promise.resolve({ modelTopology: modelTopology as object }) });
}

/**
 * A copy in which every weight starts at zero, since zeros cost no time and, until they are touched, no memory: drawing
 * 25 million random numbers only to replace them takes seconds. Also takes Keras' one-element lists for a batch normalization's axis.
 */
function withoutInitializers(json: Json): Json {
  if (Array.isArray(json)) return json.map(withoutInitializers);
  if (json === null || typeof json !== 'object') return json;
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => {
      if (key.endsWith('_initializer')) return [key, { class_name: 'Zeros', config: {} }];
      if (key === 'axis' && Array.isArray(value) && value.length === 1) return [key, value[0] as Json];
      return [key, withoutInitializers(value)];
    }),
  );
}

function resizeInput(json: Json, [height, width]: readonly [number, number]): void {
  if (json === null || typeof json !== 'object') return;
  if (!Array.isArray(json) && Array.isArray(json['batch_input_shape'])) {
    const [batch = null, , , channels = null] = json['batch_input_shape'];
    json['batch_input_shape'] = [batch, height, width, channels];
  }
  for (const value of Object.values(json)) resizeInput(value, [height, width]);
}
