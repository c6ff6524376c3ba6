import * as tf from '@tensorflow/tfjs-core';
import { float32, isKindredError } from '@kindred/core';
import { createTestContext } from '@kindred/core/testing';
import { describe, expect, it } from 'vitest';

import { onnx } from '../component.js';

import { chooseDevice } from './choose-device.js';
import { DEVICES, type Device } from './device.js';
import { probeDevice } from './probe.js';

const log = { info: () => undefined };
/** A machine on which these devices work. */
const machine = (...works: Device[]) => {
  const asked: Device[] = [];
  const probe = (device: Device) => {
    asked.push(device);
    return Promise.resolve(works.includes(device) ? undefined : `no ${device} here`);
  };
  return { asked, probe };
};

describe('trying a device out', () => {
  it('finds that the processor works', async () => {
    expect(await probeDevice('cpu')).toBeUndefined();
  });

  it.each(['webgpu', 'cuda'] as const)('says in a line why %s does not work, or that it does', async (device) => {
    const problem = await probeDevice(device);
    if (problem !== undefined) expect(problem).toMatch(/^\S.{10,}$/);
  });

  it('says what onnxruntime says of a device that it does not know', async () => {
    expect(await probeDevice('abacus' as Device)).toMatch(/abacus/);
  });
});

describe('choosing a device', () => {
  it('tries nothing for the processor', async () => {
    const { asked, probe } = machine();
    expect(await chooseDevice('cpu', log, probe)).toEqual({ device: 'cpu', tried: {} });
    expect(asked).toEqual([]);
  });

  it('takes a named device that works', async () => {
    expect(await chooseDevice('webgpu', log, machine('webgpu').probe)).toEqual({ device: 'webgpu', tried: {} });
  });

  it('refuses a named device that does not: what was tried, the reason, what to install', async () => {
    const error: unknown = await chooseDevice('cuda', log, machine('webgpu').probe).catch((thrown: unknown) => thrown);
    expect(isKindredError(error) && error.code).toBe('KINDRED_ENGINE_DEVICE');
    expect((error as Error).message).toMatch(/device cuda .* no cuda here/);
    expect((error as { hint?: string }).hint).toMatch(/CUDA 12.*"auto"/);
  });

  it.each([
    ['cuda before webgpu', ['cuda', 'webgpu'], { device: 'cuda', tried: {} }],
    ['webgpu without cuda', ['webgpu'], { device: 'webgpu', tried: { cuda: 'no cuda here' } }],
    ['the processor without either', [], { device: 'cpu', tried: { cuda: 'no cuda here', webgpu: 'no webgpu here' } }],
  ] as const)('auto takes %s, and says what it tried', async (_, works, expected) => {
    expect(await chooseDevice('auto', log, machine(...works).probe)).toEqual(expected);
  });
});

describe('the engine onnx', () => {
  it('refuses to start on a device that does not work, and with auto computes all the same', async () => {
    const context = createTestContext();
    const problem = await probeDevice('cuda');
    const named = onnx.create(onnx.options.parse({ device: 'cuda' }), context);
    if (problem === undefined) await named.then((engine) => engine.dispose());
    else await expect(named).rejects.toMatchObject({ code: 'KINDRED_ENGINE_DEVICE' });

    const engine = await onnx.create(onnx.options.parse({ device: 'auto' }), context);
    expect(DEVICES).toContain(engine.describe()['device']);
    const executable = await engine.compile({
      name: 'sum',
      run: ({ inputs }) => ({ y: tf.sum(inputs['x'] as tf.Tensor) }),
    });
    expect((await executable.run({ x: float32([2], [1, 2]) }))['y']?.data).toEqual(Float32Array.of(3));
    await engine.dispose();
  });
});
