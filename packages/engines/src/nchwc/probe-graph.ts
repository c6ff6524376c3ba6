import type { NdArray } from '@kindred/core';

import { graphOf, type Attribute, type Attributes, type Graph, type Value } from '../onnx/graph.js';
import { noteGradient } from '../onnx/gradients.js';
import { Emitter } from '../trace/emitter.js';

/** A small network with everything that the pass writes, and numbers to run it on. */
export interface ProbeGraph {
  readonly graph: Graph;
  readonly inputs: Readonly<Record<string, NdArray<'float32'>>>;
}

type Shape = readonly [number, number, number, number];

interface Window {
  readonly kernel: readonly [number, number];
  readonly strides?: readonly [number, number];
  readonly pads?: readonly [number, number, number, number];
  readonly dilations?: readonly [number, number];
}

const attributesOf = ({ kernel, strides = [1, 1], pads = [0, 0, 0, 0], dilations = [1, 1] }: Window): Attributes => ({
  kernel_shape: { ints: kernel },
  strides: { ints: strides },
  pads: { ints: pads },
  dilations: { ints: dilations },
});

/** The output's `[N, C, H, W]`. */
function slide([batch, , height, width]: Shape, channels: number, window: Window): Shape {
  const { kernel, strides = [1, 1], pads = [0, 0, 0, 0], dilations = [1, 1] } = window;
  const size = (length: number, axis: 0 | 1) =>
    Math.floor(
      (length + pads[axis] + pads[(axis + 2) as 2 | 3] - (kernel[axis] - 1) * dilations[axis] - 1) / strides[axis],
    ) + 1;
  return [batch, channels, size(height, 0), size(width, 1)];
}

/** Writes plain nodes, as recorded programs have them; every stage is an output. */
class Network {
  readonly emit = new Emitter();
  readonly inputs: Record<string, NdArray<'float32'>> = {};
  readonly outputs: { name: string; value: Value }[] = [];

  input(shape: readonly number[]): Value {
    const name = `input${Object.keys(this.inputs).length}`;
    const size = shape.reduce((product, length) => product * length, 1);
    const offset = Object.keys(this.inputs).length * 97;
    // Any numbers that do not repeat; no random numbers, so that each probe is the same.
    const data = Float32Array.from({ length: size }, (_, i) => Math.sin((i + offset) * 12.9898));
    this.inputs[name] = { dtype: 'float32', shape, data };
    return this.emit.input(name, 'float32', shape);
  }

  conv(x: Value, filters: number, window: Window, { bias = true, groups = 1 } = {}): Value {
    const filter = this.input([...window.kernel, (x.shape[1] as number) / groups, filters]);
    const attributes = { ...attributesOf(window), group: { int: groups } };
    const shape = slide(x.shape as Shape, filters, window);
    const inputs = [x, this.emit.transpose(filter, [3, 2, 0, 1])];
    const value = this.emit.node('Conv', inputs, { type: 'float32', shape }, { attributes });
    if (!bias) return this.output(value);
    return this.output(this.emit.node('Add', [value, this.input([1, filters, 1, 1])], value));
  }

  relu(x: Value): Value {
    return this.output(this.emit.node('Relu', [x], x));
  }

  pool(op: string, x: Value, window: Window, attributes: Attributes = {}): Value {
    const shape = slide(x.shape as Shape, x.shape[1] as number, window);
    const options = { attributes: { ...attributesOf(window), ...attributes } };
    return this.output(this.emit.node(op, [x], { type: 'float32', shape }, options));
  }

  /** The gradient of a filter as a plain convolution with batch and channels exchanged; the pass writes it in blocks. */
  filterGradient(images: Value, filters: number, window: Window): Value {
    const dy = this.input(slide(images.shape as Shape, filters, window));
    const { kernel, strides = [1, 1], pads = [0, 0, 0, 0], dilations = [1, 1] } = window;
    const [first, second] = [images, dy].map((value) => this.emit.transpose(value, [1, 0, 2, 3])) as [Value, Value];
    const shape = [images.shape[1] as number, filters, ...kernel];
    const [, , ...size] = dy.shape as Shape;
    const attributes = attributesOf({ kernel: size, strides: dilations, dilations: strides, pads });
    const value = this.emit.node('Conv', [first, second], { type: 'float32', shape }, { attributes });
    const gradient = this.output(this.emit.transpose(value, [2, 3, 0, 1]));
    noteGradient(gradient, { of: 'filter', images, dy, window: { kernel, strides, dilations, pads } });
    return gradient;
  }

  /** The gradient of a max pool, written to the places of the maxima. */
  maxPoolGradient(images: Value, pooled: Value, window: Required<Window>): Value {
    const dy = this.input(pooled.shape);
    const outputs = [pooled, { type: 'int64', shape: pooled.shape }] as const;
    const attributes = attributesOf(window);
    const [, places] = this.emit.nodes('MaxPool', [images], outputs, { attributes });
    const { kernel_shape, strides, pads } = attributes as Record<string, Attribute>;
    const inputs = [dy, places, this.emit.ints(images.shape)];
    const options = { attributes: { kernel_shape, strides, pads } as Attributes };
    const gradient = this.output(this.emit.node('MaxUnpool', inputs, images, options));
    noteGradient(gradient, { of: 'max-pool', images, pooled, dy, window });
    return gradient;
  }

  output(value: Value): Value {
    this.outputs.push({ name: `output${this.outputs.length}`, value });
    return value;
  }
}

/** Two images of odd sizes through convolutions of all kinds, few and many channels, not only whole blocks of them; and gradients. */
export function probeGraph(): ProbeGraph {
  const net = new Network();
  const image = net.input([2, 3, 23, 19]);
  const first = net.relu(net.conv(image, 32, { kernel: [5, 5], pads: [2, 2, 2, 2] }));
  const pooled = net.pool('MaxPool', first, { kernel: [2, 2], strides: [2, 2] });
  const odd = net.conv(pooled, 17, { kernel: [3, 3], pads: [0, 0, 1, 1], strides: [2, 2] });
  const wide = net.relu(net.conv(net.relu(odd), 80, { kernel: [3, 2], pads: [2, 1, 2, 1], dilations: [2, 1] }));
  const mean = { count_include_pad: { int: 0 } };
  const averaged = net.pool('AveragePool', wide, { kernel: [3, 3], strides: [1, 2], pads: [1, 1, 1, 1] }, mean);
  const point = net.conv(averaged, 48, { kernel: [1, 1] }, { bias: false });
  const depthwise = net.conv(point, 48, { kernel: [3, 3], pads: [1, 1, 1, 1] }, { groups: 48 });
  net.output(net.emit.node('Add', [point, depthwise], point));
  net.output(net.emit.transpose(depthwise, [0, 2, 3, 1]));
  const channelsLast = net.emit.transpose(net.input([2, 6, 5, 32]), [0, 3, 1, 2]);
  net.conv(channelsLast, 16, { kernel: [2, 3], pads: [0, 1, 1, 1] });
  net.filterGradient(image, 32, { kernel: [5, 5], pads: [2, 2, 2, 2] });
  net.filterGradient(pooled, 20, { kernel: [3, 3], strides: [2, 2] });
  const halves = { kernel: [2, 2], strides: [2, 2], pads: [0, 0, 0, 0], dilations: [1, 1] } as const;
  net.maxPoolGradient(first, pooled, halves);
  return { graph: graphOf('nchwc-probe', net.outputs), inputs: net.inputs };
}
