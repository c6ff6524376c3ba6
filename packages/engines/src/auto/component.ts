import { defineEngine } from '@kindred/core';
import { z } from 'zod';

import { createAutoEngine } from './engine.js';

/** The engine for manifests that go from machine to machine. */
export const auto = defineEngine({
  name: 'auto',
  version: 1,
  summary: 'tensorflow where it is installed and sees a GPU, else onnx.',
  options: z.strictObject({}),
  create: (_, { cacheDir, baseDir, log }) => createAutoEngine({ cacheDir, baseDir, log }),
});
