import type { Graph, Node, Value } from '../onnx/graph.js';
import type { Emitter } from '../trace/emitter.js';

import { isRectifier, type ByteValues } from './byte-values.js';
import { calibrationError, placeOf, type Int8Calibration } from './calibration.js';
import { activationParameters, type QuantizationParameters } from './parameters.js';
import { quantizedLayer } from './quantized-layer.js';
import { madeBy, rewrite } from './rewrite.js';
import { weighted } from './weighted.js';

/**
 * Writes a prepared graph with bytes between its layers, as QuantizeLinear and DequantizeLinear around each operator: the form
 * of ONNX that every runtime understands, and that onnxruntime turns into operators on bytes.
 * @throws KINDRED_ENGINE_CALIBRATION if the ranges are those of another program
 */
export function quantizeGraph(graph: Graph, { ranged, rangeOf }: ByteValues, calibration: Int8Calibration): Graph {
  const chosen = parametersOf(ranged, calibration);
  const parametersFor = (value: Value | undefined) => {
    const source = value && rangeOf.get(value);
    return source && chosen.get(source);
  };
  return rewrite(graph, (node, inputs, emit) => {
    const read = inputs.map((input, i) => inBytes(input, parametersFor(node.inputs[i]), emit));
    return written(node, read, emit).map((output, i) => inBytes(output, parametersFor(node.outputs[i]), emit) as Value);
  });

  function written(node: Node, inputs: readonly (Value | undefined)[], emit: Emitter): readonly Value[] {
    const input = parametersFor(node.inputs[0]);
    const layer = weighted(node, inputs);
    const { op, outputs, attributes, domain } = node;
    if (layer && input) return [quantizedLayer(node, layer, input.scale, calibration.weightBits, emit)];
    // The range of its result begins at zero: rounding to it does the same.
    if (isRectifier(node) && parametersFor(outputs[0])) return [inputs[0] as Value];
    return emit.nodes(op, inputs, outputs, { attributes, domain });
  }
}

/** `value` rounded to what a byte can say. */
function inBytes(value: Value | undefined, parameters: QuantizationParameters | undefined, emit: Emitter) {
  if (!value || !parameters) return value;
  const scale = emit.scalar(parameters.scale, 'float32');
  const zeroPoint = emit.scalar(parameters.zeroPoint, 'uint8');
  const known = madeBy(value, 'DequantizeLinear');
  if (known?.inputs[1] === scale && known.inputs[2] === zeroPoint) return value;
  const bytes = emit.node('QuantizeLinear', [value, scale, zeroPoint], { type: 'uint8', shape: value.shape });
  return emit.node('DequantizeLinear', [bytes, scale, zeroPoint], value);
}

function parametersOf(
  ranged: readonly Value[],
  { ranges }: Int8Calibration,
): ReadonlyMap<Value, QuantizationParameters> {
  const described = (places: readonly { op: string; shape: readonly number[] }[]) =>
    places.map(({ op, shape }) => `${op}[${shape.join()}]`).join(' ');
  if (described(ranged.map(placeOf)) !== described(ranges)) {
    throw calibrationError(
      `be of the program that it is used with. Got ${ranges.length} ranges for ${ranged.length} values, or values of other shapes`,
    );
  }
  return new Map(ranged.map((value, i) => [value, activationParameters(ranges[i]?.min ?? 0, ranges[i]?.max ?? 0)]));
}
