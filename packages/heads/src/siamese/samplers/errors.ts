import { KindredError } from '@kindred/core';

/** Fewer than two labels have images. */
export function oneLabelError(images: number, labels: number): KindredError {
  return new KindredError('KINDRED_DATA_PAIRS', {
    message: `Pairs for the head siamese must come from images of at least two labels. ${images} images have ${labels === 0 ? 'no label' : 'one label'}.`,
    received: labels,
    hint: 'Add images of other labels, or use a detector, which learns from one kind of image alone.',
  });
}

/** Too few labels have two images or more. */
export function loneImagesError(needed: string, found: number, images: number): KindredError {
  return new KindredError('KINDRED_DATA_PAIRS', {
    message: `The head siamese must get ${needed} with two or more images each. Of ${images} images, ${found} labels have as many.`,
    received: found,
    hint: 'Add images of the same labels, or make the part greater that these images are in ("data.split").',
  });
}

/** Every image shares a label with every other. */
export function allSameError(images: number): KindredError {
  return new KindredError('KINDRED_DATA_PAIRS', {
    message: `The head siamese must get pairs of images that share no label. Each of ${images} images shares one with all others.`,
    received: images,
    hint: 'Leave out labels that most images carry, or add images that do not carry them.',
  });
}

/** A batch cannot consist of whole groups. */
export function batchSizeError(must: string, batchSize: number, hint: string): KindredError {
  return new KindredError('KINDRED_DATA_PAIRS', {
    message: `The batch size of the head siamese must be ${must}. Got ${batchSize}.`,
    path: 'training.batchSize',
    received: batchSize,
    hint,
  });
}
