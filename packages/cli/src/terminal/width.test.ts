import { expect, it } from 'vitest';

import { displayWidth, oneLine, truncate } from './width.js';

it('truncate keeps to the cells it is given, wide letters included', () => {
  expect(truncate('predict', 7)).toBe('predict');
  expect(truncate('predict', 6)).toBe('predi…');
  expect(truncate('映画映画', 6)).toBe('映画…');
  expect(displayWidth(truncate('映画映画', 6))).toBeLessThanOrEqual(6);
});

it('oneLine takes the power over the terminal from names of files', () => {
  expect(oneLine('a\u001b[2Jb\nc\rd\u009b31me')).toBe('a\ufffd[2Jb\ufffdc\ufffdd\ufffd31me');
});
