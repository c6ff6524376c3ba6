import { KindredError } from '../../errors/kindred-error.js';
import type { ImageSpec } from '../../plugin/contract.js';
import { sizeOf, uint8, type NdArray } from '../../tensor/nd-array.js';

/** Packs decoded images into the rows of one uint8 `[rows, H, W, C]` array that is allocated once; unused rows stay zero. */
export class ImageBatch {
  readonly images: NdArray<'uint8'>;
  readonly #rowSize: number;
  #count = 0;

  constructor(
    readonly rows: number,
    { height, width, channels }: ImageSpec,
  ) {
    const shape = [height, width, channels];
    this.#rowSize = sizeOf(shape);
    this.images = uint8([rows, ...shape]);
  }

  /** Rows in use. */
  get count(): number {
    return this.#count;
  }

  /**
   * Copies `image` into the next row and returns that row's index.
   * @throws KINDRED_PLUGIN_RESULT for an image of another size, as an augmentation could make
   */
  add(image: NdArray<'uint8'>): number {
    if (image.data.length !== this.#rowSize || this.#count >= this.rows) {
      throw new KindredError('KINDRED_PLUGIN_RESULT', {
        message: `An image must fit its row of a batch ${JSON.stringify(this.images.shape)}. Got ${JSON.stringify(image.shape)} for row ${this.#count}.`,
        received: image.shape,
      });
    }
    this.images.data.set(image.data, this.#count * this.#rowSize);
    return this.#count++;
  }
}
