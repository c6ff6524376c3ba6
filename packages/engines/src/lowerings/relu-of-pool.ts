import type { Value } from '../onnx/graph.js';
import type { SymbolicTensor } from '../trace/symbolic-tensor.js';

interface PooledRelu {
  /** What the relu was taken of. */
  readonly input: Value;
  /** The gradient with respect to it. */
  readonly gradient: () => SymbolicTensor;
}

/** By the gradient with respect to the relu's result. */
const known = new WeakMap<Value, PooledRelu>();

/**
 * Notes what the gradient of `maxPool(relu(z))` with respect to `z` is, beside that with respect to `relu(z)`. tfjs multiplies the latter
 * by the relu's mask, as large as `z`; but the greatest element of a window is above 0 just where the pooled one is, so that a
 * mask of the pooled size does the same (only what is used of either is computed).
 */
export function notePooledRelu(images: Value, reluGradient: Value, gradient: () => SymbolicTensor): void {
  const { source } = images;
  const [input] = source.kind === 'node' && source.node.op === 'Relu' ? source.node.inputs : [];
  if (input) known.set(reluGradient, { input, gradient });
}

/** `a * b` where `a` is the gradient of a pooled relu and `b` that relu's mask. */
export function maskedPoolGradient(a: SymbolicTensor, b: SymbolicTensor): SymbolicTensor | undefined {
  for (const { value } of a.forms()) {
    const pooled = known.get(value);
    if (pooled && b.forms().some((form) => isPositiveMask(form.value, pooled.input))) return pooled.gradient();
  }
  return undefined;
}

/** True for 1 where `z` is above 0, and 0 elsewhere, as the lowering of tfjs' Step writes it. */
function isPositiveMask(mask: Value, z: Value): boolean {
  const above = mask.source.kind === 'node' && mask.source.node.op === 'Cast' ? mask.source.node.inputs[0] : undefined;
  if (above?.source.kind !== 'node' || above.source.node.op !== 'Greater') return false;
  const [left, right] = above.source.node.inputs;
  if (left !== z || right?.source.kind !== 'constant') return false;
  const { constant } = right.source;
  return constant.kind === 'fill' ? constant.value === 0 : constant.data.length === 1 && Number(constant.data[0]) === 0;
}
