import { brightness } from './brightness.js';
import { contrast } from './contrast.js';
import { crop } from './crop.js';
import { cutout } from './cutout.js';
import { horizontalFlip } from './horizontal-flip.js';
import { mixup } from './mixup.js';
import { rotation } from './rotation.js';
import { saturation } from './saturation.js';
import { shear } from './shear.js';
import { shift } from './shift.js';
import { verticalFlip } from './vertical-flip.js';
import { zoom } from './zoom.js';

// What moves pixels, what changes them, what mixes images
export { horizontalFlip, verticalFlip, rotation, shear, zoom, shift, crop };
export { brightness, contrast, saturation, cutout };
export { mixup };

export const augmentations = [
  horizontalFlip,
  verticalFlip,
  rotation,
  shear,
  zoom,
  shift,
  crop,
  brightness,
  contrast,
  saturation,
  cutout,
  mixup,
];
