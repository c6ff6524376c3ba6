import { KindredError, type Logger } from '@kindred/core';

import type { Device, DeviceOption } from './device.js';
import { probeDevice } from './probe.js';

/** What each device needs, for hints. */
const NEEDS: Readonly<Record<Device, string>> = {
  cpu: 'Reinstall onnxruntime-node: npm ci, in a clean folder.',
  webgpu:
    'It needs a GPU and its driver: on Linux Vulkan (Debian: apt install libvulkan1 mesa-vulkan-drivers, or the driver of the maker), on Windows Direct3D 12, on macOS Metal.',
  cuda: "It needs an NVIDIA GPU, CUDA 12, cuDNN 9 and onnxruntime's CUDA libraries: node node_modules/onnxruntime-node/script/install.js",
};

export interface ChosenDevice {
  readonly device: Device;
  /** With `auto`: what was tried before, and why it was not taken. */
  readonly tried: Readonly<Partial<Record<Device, string>>>;
}

/**
 * The device to compute on. A named one is tried; `auto` tries cuda and webgpu, and says in the log why it took none.
 * @throws KINDRED_ENGINE_DEVICE if a named device does not work
 */
export async function chooseDevice(
  option: DeviceOption,
  log: Pick<Logger, 'info'>,
  probe: (device: Device) => Promise<string | undefined> = probeDevice,
): Promise<ChosenDevice> {
  if (option === 'cpu') return { device: 'cpu', tried: {} };
  const tried: Partial<Record<Device, string>> = {};
  for (const device of option === 'auto' ? (['cuda', 'webgpu'] as const) : [option]) {
    const problem = await probe(device);
    if (problem === undefined) {
      log.info({ device, tried }, `the engine onnx uses the device ${device}`);
      return { device, tried };
    }
    if (option !== 'auto') throw deviceError(device, problem);
    tried[device] = problem;
  }
  log.info({ device: 'cpu', tried }, 'the engine onnx uses the processor: no other device works');
  return { device: 'cpu', tried };
}

function deviceError(device: Device, problem: string): KindredError {
  return new KindredError('KINDRED_ENGINE_DEVICE', {
    message: `The device ${device} of the engine onnx must work on this machine. A small model was tried on it, and onnxruntime said: ${problem}`,
    received: device,
    hint: `${NEEDS[device]} Or use the device "auto" or "cpu".`,
  });
}
