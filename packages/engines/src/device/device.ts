/** Where onnxruntime computes. */
export const DEVICES = ['cpu', 'webgpu', 'cuda'] as const;
export type Device = (typeof DEVICES)[number];

/** What a manifest may ask for: `auto` is the first of cuda and webgpu that works, else the processor. */
export type DeviceOption = Device | 'auto';
export const DEVICE_OPTIONS = [...DEVICES, 'auto'] as const;
