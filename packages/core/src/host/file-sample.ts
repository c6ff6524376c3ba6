import { readImageFile } from '../data/image-file.js';
import type { Sample } from '../plugin/contract.js';

/** An image file without labels. */
export function fileSample(file: string): Sample {
  return { id: file, labels: [], location: file, read: () => readImageFile(file) };
}
