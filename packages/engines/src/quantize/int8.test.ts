import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import * as tf from '@tensorflow/tfjs-core';
import { prepareTfGradients, type Calibration, type NdArray, type NdArrays, type Program } from '@kindred/core';
import { createEagerEngine } from '@kindred/core/testing';
import { InferenceSession } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { numbers } from '../../test/support.js';
import { drawnImages, residualProgram } from '../../test/residual-program.js';
import { createOnnxEngine } from '../engine.js';
import { loadModel, type Model } from '../runtime/model.js';
import { createStatelessExecutable } from '../runtime/stateless-executable.js';
import { WorkerPool } from '../runtime/worker-pool.js';
import { serialize } from '../onnx/serialize.js';

import { parseCalibration, type Int8Calibration } from './calibration.js';
import { createInt8, type Int8 } from './int8.js';
import { activationParameters, type WeightBits } from './parameters.js';
import { recordQuantized } from './record-int8.js';

const engine = createOnnxEngine({ workers: 2 });
const eager = createEagerEngine();
const program = residualProgram();
let calibration: Int8Calibration;

async function* batches(...all: NdArrays[]): AsyncGenerator<NdArrays> {
  for (const batch of all) yield await Promise.resolve(batch);
}
const calibrate = (subject: Program, ...inputs: NdArrays[]): Promise<Calibration> =>
  engine.int8!.calibrate(subject, batches(...inputs));

beforeAll(async () => {
  await prepareTfGradients();
  const images = [1, 2, 3].map((seed) => ({ images: drawnImages(16, seed) }));
  calibration = parseCalibration(await calibrate(program, ...images));
});
afterAll(() => engine.dispose());

async function features(of: { compile: typeof engine.compile }, images: NdArray, use?: Calibration): Promise<NdArray> {
  const executable = await of.compile(program, use ? { calibration: use } : {});
  const { features: result } = await executable.run({ images });
  await executable.dispose();
  return result as NdArray;
}

function cosines(a: NdArray, b: NdArray): number[] {
  const [rows = 0, width = 1] = a.shape;
  return Array.from({ length: rows }, (_, row) => {
    const [x, y] = [a, b].map(({ data }) => data.subarray(row * width, (row + 1) * width)) as [
      Float32Array,
      Float32Array,
    ];
    const dot = (u: Float32Array, v: Float32Array) => u.reduce((sum, value, i) => sum + value * (v[i] ?? 0), 0);
    return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
  });
}

describe('a residual network in 8 bits', () => {
  it('gives nearly the features of float32, on images that it was not calibrated on', async () => {
    const images = drawnImages(8, 9);
    const [float, bytes] = [await features(eager, images), await features(engine, images, calibration)];
    // Five layers, each rounding to 1/255 of its range: the angle stays below a few roundings, 3 * sqrt(5) / 255 = 0.026.
    expect(Math.min(...cosines(float, bytes))).toBeGreaterThan(Math.cos(0.026));
    expect(Array.from(bytes.data)).not.toEqual(Array.from(float.data));
  });

  it('gives an image the same feature, bit for bit, alone and among others', async () => {
    const images = drawnImages(3, 9);
    const one: NdArray = { dtype: 'uint8', shape: [1, 32, 32, 3], data: images.data.slice(0, 32 * 32 * 3) };
    const [all, alone] = [await features(engine, images, calibration), await features(engine, one, calibration)];
    expect(Array.from(alone.data)).toEqual(Array.from(all.data.subarray(0, alone.data.length)));
  });

  it('is calibrated the same by the same images in other batches', async () => {
    const images = drawnImages(16, 1);
    const half = (from: number): NdArray => ({
      dtype: 'uint8',
      shape: [8, 32, 32, 3],
      data: images.data.slice((from * images.data.length) / 16, ((from + 8) * images.data.length) / 16),
    });
    const [whole, halves] = [
      parseCalibration(await calibrate(program, { images })),
      parseCalibration(await calibrate(program, { images: half(0) }, { images: half(8) })),
    ];
    expect(halves.ranges.map(({ op, shape }) => [op, shape])).toEqual(whole.ranges.map(({ op, shape }) => [op, shape]));
    // Float sums may be taken in another order.
    halves.ranges.forEach(({ min, max }, i) => {
      expect(min).toBeCloseTo(whole.ranges[i]?.min ?? NaN, 4);
      expect(max).toBeCloseTo(whole.ranges[i]?.max ?? NaN, 4);
    });
  });

  it('runs on bytes alone: onnxruntime leaves no convolution and no sum in float32', async () => {
    const specs = { images: { dtype: 'uint8', shape: [2, 32, 32, 3] } } as const;
    const { graph } = recordQuantized(calibration, 8)(program, specs);
    const folder = await mkdtemp(path.join(os.tmpdir(), 'kindred-int8-'));
    try {
      const file = path.join(folder, 'optimized.onnx');
      const options = { optimizedModelFilePath: file, graphOptimizationLevel: 'all', logSeverityLevel: 4 } as const;
      const session = await InferenceSession.create(serialize(graph), options);
      await session.release();
      const operators = operatorsOf(await readFile(file));
      expect(operators['QLinearConv']).toBe(4);
      expect(operators['QLinearAdd']).toBe(1);
      // The pixels become bytes once; the sum's bytes become float32 once, for the mean.
      expect([operators['QuantizeLinear'], operators['DequantizeLinear']]).toEqual([1, 1]);
      for (const name of ['Conv', 'Add', 'MaxPool', 'Relu', 'Clip', 'Pad'])
        expect(operators[name], name).toBeUndefined();
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

/** How often each operator occurs: field 4 of a NodeProto, a name after its length. Names of nodes have a number behind them. */
function operatorsOf(model: Buffer): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of [
    ...['QLinearConv', 'QLinearAdd', 'QuantizeLinear', 'DequantizeLinear'],
    ...['Conv', 'Add', 'MaxPool', 'Relu', 'Clip', 'Pad'],
  ]) {
    const field = Buffer.concat([Buffer.from([0x22, name.length]), Buffer.from(name)]);
    for (let at = model.indexOf(field); at >= 0; at = model.indexOf(field, at + 1))
      counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

describe('a single convolution', () => {
  it('is wrong by no more than its roundings', async () => {
    const kernel = numbers([3, 3, 3, 4], 2);
    const single: Program = {
      name: 'single',
      constants: { kernel },
      run: ({ inputs, constants }) => ({
        y: tf.conv2d(inputs['x'] as tf.Tensor4D, constants['kernel'] as tf.Tensor4D, 1, 'same'),
      }),
    };
    const x = numbers([4, 7, 7, 3], 1);
    const measured = parseCalibration(await calibrate(single, { x }));
    const executable = await engine.compile(single, { calibration: measured });
    const { y } = await executable.run({ x });
    const { y: exact } = await (await eager.compile(single)).run({ x });
    const [input, output] = measured.ranges.map(({ min, max }) => activationParameters(min, max).scale) as [
      number,
      number,
    ];
    for (let channel = 0; channel < 4; channel++) {
      const weights = kernel.data.filter((_, i) => i % 4 === channel);
      const sum = weights.reduce((total, weight) => total + Math.abs(weight), 0);
      const largest = Math.max(...weights.map(Math.abs));
      const xMax = Math.max(...x.data.map(Math.abs));
      // Half a step of the input on each weight, half a step of the weights on each input, half a step of the result.
      const bound = (input / 2) * sum + (largest / 127 / 2) * (xMax + input / 2) * weights.length + output;
      const wrong = exact!.data.map((value, i) => (i % 4 === channel ? Math.abs(value - (y?.data[i] ?? NaN)) : 0));
      expect(Math.max(...wrong)).toBeLessThan(bound);
    }
  });
});

describe('on a processor that clips sums of products to 16 bits', () => {
  const pool = new WorkerPool(1, 1, (thread, model: Model, threads) => loadModel(thread, model, { threads }));
  afterAll(() => pool.close());
  const machine = (bits: WeightBits): Int8 =>
    createInt8(
      (subject, record) => Promise.resolve(createStatelessExecutable(subject, pool, () => undefined, record)),
      1,
      () => Promise.resolve(bits),
    );
  const images = drawnImages(4, 9);

  it('weights have 7 bits, and features are still near', async () => {
    const seven = await machine(7).calibrate(program, batches({ images: drawnImages(16, 1) }));
    expect(seven['weightBits']).toBe(7);
    const bytes = await features(engine, images, seven);
    expect(Array.from(bytes.data)).not.toEqual(Array.from((await features(engine, images, calibration)).data));
    expect(Math.min(...cosines(await features(eager, images), bytes))).toBeGreaterThan(Math.cos(0.052));
    const { graph } = recordQuantized(parseCalibration(seven), 7)(program, {
      images: { dtype: 'uint8', shape: [1, 32, 32, 3] },
    });
    const weights = graph.constants.flatMap(({ type, source }) =>
      type === 'int8' && source.kind === 'constant' && source.constant.kind === 'dense'
        ? Array.from(source.constant.data, Number)
        : [],
    );
    expect(Math.max(...weights.map(Math.abs))).toBe(64);
  });

  it('a calibration with 8 bits, made elsewhere, gives the same features bit for bit, in wider sums', async () => {
    const specs = { images: { dtype: 'uint8', shape: [4, 32, 32, 3] } } as const;
    expect(recordQuantized(calibration, 7)(program, specs).wideProducts).toBe(true);
    const executable = await machine(7).compile(program, calibration);
    const { features: wide } = await executable.run({ images });
    expect(Array.from(wide!.data)).toEqual(Array.from((await features(engine, images, calibration)).data));
  });
});

describe('refuses', () => {
  const refusal = (work: Promise<unknown>) =>
    work.then(
      () => 'nothing',
      ({ code }: { code?: string }) => code,
    );

  it('a program with variables', async () => {
    const learning: Program = {
      name: 'learning',
      variables: { w: numbers([2], 1) },
      run: ({ variables }) => ({ w: variables['w']! }),
    };
    expect(await refusal(calibrate(learning, {}))).toBe('KINDRED_ENGINE_PRECISION');
    expect(await refusal(engine.compile(learning, { calibration }))).toBe('KINDRED_ENGINE_PRECISION');
  });

  it('a calibration of another program', async () => {
    const { ranges } = calibration;
    const other = { ...calibration, ranges: ranges.slice(1) };
    const executable = await engine.compile(program, { calibration: other });
    expect(await refusal(executable.run({ images: drawnImages(1, 1) }))).toBe('KINDRED_ENGINE_CALIBRATION');
  });

  it.each<[string, (c: Int8Calibration) => Calibration]>([
    ['of another version', (c) => ({ ...c, quantizer: 'onnx-int8-0' })],
    ['with 16 bits', (c) => ({ ...c, weightBits: 16 })],
    ['with text for numbers', (c) => ({ ...c, ranges: [{ op: 'Conv', shape: [1], min: '0', max: '1' }] })],
    ['that is empty', () => ({})],
  ])('a calibration %s', async (_, change) => {
    expect(await refusal(engine.compile(program, { calibration: change(calibration) }))).toBe(
      'KINDRED_ENGINE_CALIBRATION',
    );
  });

  it('to calibrate on nothing', async () => {
    expect(await refusal(calibrate(program))).toBe('KINDRED_ENGINE_CALIBRATION');
  });

  it('8 bits on a device', async () => {
    const device = createOnnxEngine({ device: 'webgpu' });
    expect(device.int8).toBeUndefined();
    expect(await refusal(device.compile(program, { calibration }))).toBe('KINDRED_ENGINE_PRECISION');
    await device.dispose();
  });

  it('and so do engines that compute in float32 alone', async () => {
    expect(await refusal(eager.compile(program, { calibration }))).toBe('KINDRED_ENGINE_PRECISION');
  });
});

it('says how this machine multiplies bytes', async () => {
  expect(await engine.int8!.describe()).toMatch(/^(8-bit weights|7-bit weights, as this processor has no VNNI)$/);
});
