import * as tf from '@tensorflow/tfjs-core';

type Pair = readonly [number, number];
type Shape4 = [number, number, number, number];

/** A convolution's kernel and those of its gradients. */
interface Kernels {
  readonly forward: string;
  readonly input: string;
  readonly filter: string;
}

const CONVOLUTIONS: readonly Kernels[] = [
  { forward: tf.Conv2D, input: tf.Conv2DBackpropInput, filter: tf.Conv2DBackpropFilter },
  {
    forward: tf.DepthwiseConv2dNative,
    input: tf.DepthwiseConv2dNativeBackpropInput,
    filter: tf.DepthwiseConv2dNativeBackpropFilter,
  },
];

const registered = new WeakSet<object>();

/**
 * Lets tfjs differentiate dilated convolutions, which it refuses: a dilated filter is a larger filter with zeros between
 * its elements, whose gradients every backend has. Other convolutions keep tfjs' own gradients. Further calls do nothing.
 */
export function registerDilatedGradients(): void {
  for (const kernels of CONVOLUTIONS) {
    const own = tf.getGradient(kernels.forward) as tf.GradConfig | undefined;
    if (!own || registered.has(own)) continue;
    const config: tf.GradConfig = {
      ...own,
      gradFunc(dy, saved, attrs) {
        const dilations = pairOf(attrs.dilations as number | [number, number] | null);
        if (dilations.every((dilation) => dilation === 1)) return own.gradFunc(dy, saved, attrs);
        return dilatedGradients(kernels, dy as tf.Tensor, saved as [tf.Tensor4D, tf.Tensor4D], attrs, dilations);
      },
    };
    registered.add(config);
    tf.registerGradient(config);
  }
}

/** Layers that were told of no dilation pass on null. */
const pairOf = (value: number | readonly [number, number] | null | undefined): Pair => {
  const given = value ?? 1;
  return typeof given === 'number' ? [given, given] : given;
};

function dilatedGradients(
  kernels: Kernels,
  dy: tf.Tensor,
  [x, filter]: [tf.Tensor4D, tf.Tensor4D],
  attrs: tf.NamedAttrMap,
  dilations: Pair,
): ReturnType<tf.GradFunc> {
  const [height, width, ...channels] = filter.shape;
  const [rows, columns] = dilations;
  const spread: Shape4 = [(height - 1) * rows + 1, (width - 1) * columns + 1, ...channels];
  const plain = { ...attrs, dilations: [1, 1] };
  // tfjs types what any kernel returns as one tensor or several; these return one, of four axes.
  const run = (kernel: string, inputs: tf.NamedTensorMap, shape: tf.NamedAttrMap) =>
    tf.engine().runKernel(kernel, inputs, { ...plain, ...shape }) as unknown as tf.Tensor4D;
  return {
    x: () => run(kernels.input, { dy, filter: withZeros(filter, dilations, spread) }, { inputShape: x.shape }),
    filter: () =>
      tf.stridedSlice(run(kernels.filter, { x, dy }, { filterShape: spread }), [0, 0, 0, 0], spread, [
        rows,
        columns,
        1,
        1,
      ]),
  };
}

/** The filter `[H, W, C, F]` with `dilation - 1` zeros between its elements. */
function withZeros(filter: tf.Tensor4D, [rows, columns]: Pair, spread: Shape4): tf.Tensor4D {
  const [height, width, channels, filters] = filter.shape;
  const none: [number, number] = [0, 0];
  const apart = tf.pad(tf.reshape(filter, [height, 1, width, 1, channels * filters]), [
    none,
    [0, rows - 1],
    none,
    [0, columns - 1],
    none,
  ]);
  const all: tf.Tensor4D = tf.reshape(apart, [height * rows, width * columns, channels, filters]);
  return tf.slice(all, [0, 0, 0, 0], spread);
}
