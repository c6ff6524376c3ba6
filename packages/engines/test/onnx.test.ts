import { createOnnxEngine } from '../src/engine.js';

import { describeNumericSuite } from './numeric-suite.js';

await describeNumericSuite(createOnnxEngine({ workers: 1 }), {
  'step passes NaN on': 'a pass more over the gradient of every ReLU, for a NaN that has reached the loss already',
});
