import { expect, it } from 'vitest';

import { enlarge } from './resample.js';

const image = [
  [248, 194, 190, 207, 147],
  [26, 237, 21, 245, 211],
  [239, 45, 5, 157, 159],
  [60, 54, 236, 109, 46],
];
const source = { width: 5, height: 4, channels: 1, data: Uint8Array.from(image.flat()) };

// Pillow 'F' images (no rounding between the two passes), resize(size, Image.LANCZOS, box), rounded and clipped.
const whole = [
  [255, 252, 191, 179, 209, 218, 192, 154, 131],
  [154, 186, 222, 186, 144, 188, 225, 190, 159],
  [0, 104, 236, 158, 35, 131, 255, 235, 196],
  [117, 148, 159, 37, 0, 79, 231, 232, 201],
  [255, 187, 61, 0, 21, 95, 158, 159, 144],
  [148, 96, 37, 86, 169, 162, 106, 80, 71],
  [36, 24, 44, 171, 255, 208, 87, 41, 32],
];
const part = [
  [238, 209, 184, 184, 199, 212, 193, 159],
  [151, 219, 216, 138, 132, 207, 232, 196],
  [80, 210, 205, 55, 40, 186, 255, 231],
  [142, 167, 91, 0, 0, 146, 243, 226],
  [205, 103, 0, 0, 38, 123, 173, 167],
  [135, 54, 34, 104, 149, 136, 109, 95],
];

it.each([
  ['a whole image', { left: 0, top: 0, width: 5, height: 4 }, whole],
  ['a part that starts within pixels', { left: 0.5, top: 0.25, width: 4, height: 3 }, part],
])('enlarges %s as Pillow does', (_, box, expected) => {
  const [width, height] = [expected[0]?.length ?? 0, expected.length];
  const result = enlarge(source, box, width, height);
  const far = expected.flat().map((value, i) => Math.abs(value - (result[i] ?? NaN)));
  // Both round to whole numbers, from float32.
  expect(Math.max(...far)).toBeLessThanOrEqual(1);
});

it('changes nothing where nothing grows', () => {
  expect(enlarge(source, { left: 0, top: 0, width: 5, height: 4 }, 5, 4)).toEqual(source.data);
});

it('keeps channels apart', () => {
  const data = Uint8Array.from(image.flat().flatMap((value) => [value, 7, 255 - value]));
  const box = { left: 0, top: 0, width: 5, height: 4 };
  const [one, three] = [enlarge(source, box, 9, 7), enlarge({ ...source, channels: 3, data }, box, 9, 7)];
  expect(three.filter((_, i) => i % 3 === 0)).toEqual(one);
  expect(new Set(three.filter((_, i) => i % 3 === 1))).toEqual(new Set([7]));
});
