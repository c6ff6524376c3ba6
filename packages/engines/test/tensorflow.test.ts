import { describe, it } from 'vitest';

import { createTensorflowEngine } from '../src/tensorflow/engine.js';

import { cacheDir, notInstalled } from './installed-tensorflow.js';
import { describeNumericSuite } from './numeric-suite.js';

if (notInstalled === undefined) {
  await describeNumericSuite(await createTensorflowEngine({ cacheDir }), {});
} else {
  describe.skip(`tensorflow: ${notInstalled}`, () => {
    it('gives the numbers of the suite', () => undefined);
  });
}
