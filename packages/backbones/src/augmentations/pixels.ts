import { uint8, type NdArray } from '@kindred/core';

type Image = NdArray<'uint8'>;

/** Each value replaced by what `change` gives for it, rounded and kept within 0..255. */
export function mapValues({ shape, data }: Image, change: (value: number) => number): Image {
  const table = Uint8ClampedArray.from({ length: 256 }, (_, value) => change(value));
  const changed = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) changed[i] = table[data[i]!]!;
  return uint8(shape, changed);
}

/** Brightness of a pixel as ITU-R BT.601 weighs its colours, as PIL and torchvision do; that of grey is its value. */
export function lumaAt(data: Uint8Array, at: number, channels: number): number {
  if (channels === 1) return data[at]!;
  return 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!;
}

/** Mean of `lumaAt` over the image. */
export function meanLuma({ shape: [, , channels = 1], data }: Image): number {
  let sum = 0;
  for (let at = 0; at < data.length; at += channels) sum += lumaAt(data, at, channels);
  return sum / (data.length / channels);
}
