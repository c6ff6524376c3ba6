import type { NumericCase } from '../numeric-case.js';

import { binaryCases } from './binary.js';
import { imageCases } from './images.js';
import { indexingCases } from './indexing.js';
import { normalizationCases } from './normalization.js';
import { productCases } from './products.js';
import { reductionCases, scanCases } from './reductions.js';
import { shapeCases } from './shapes.js';
import { sliceCases } from './slices.js';
import { notANumberCases, typeCases } from './types.js';
import { treeCases } from './trees.js';
import { unaryCases } from './unary.js';
import { windowCases } from './windows.js';

/** All cases, by family. */
export const numericCases: Readonly<Record<string, readonly NumericCase[]>> = {
  unary: unaryCases,
  binary: binaryCases,
  types: typeCases,
  'not a number': notANumberCases,
  reductions: reductionCases,
  scans: scanCases,
  shapes: shapeCases,
  slices: sliceCases,
  indexing: indexingCases,
  trees: treeCases,
  products: productCases,
  windows: windowCases,
  images: imageCases,
  normalization: normalizationCases,
};
