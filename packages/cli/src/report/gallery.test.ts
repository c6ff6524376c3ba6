import type { GalleryImage } from '@kindred/core/host';
import { describe, expect, it } from 'vitest';

import { plainStyle } from '../terminal/style.js';

import { formatGallery, galleryToJson } from './gallery.js';

const image = (name: string, location: string, branch = 'faces'): GalleryImage => ({
  branch,
  name,
  location,
  sha256: 'ab',
});
const images = [image('Ada', 'a.png'), image('Bob', 'b.png'), image('Ada', 'new\nline.png')];

describe('a gallery', () => {
  it('is a table of names in the order in which they came', () => {
    expect(formatGallery('runs/x', { branches: ['faces'], images }, plainStyle)).toEqual([
      'NAME  IMAGES  FROM',
      'Ada        2  a.png, new�line.png',
      'Bob        1  b.png',
    ]);
  });

  it('names branches where there are several', () => {
    const listing = { branches: ['faces', 'hands'], images: [...images, image('Ada', 'h.png', 'hands')] };
    expect(formatGallery('runs/x', listing, plainStyle).slice(0, 2)).toEqual([
      'BRANCH  NAME  IMAGES  FROM',
      'faces   Ada        2  a.png, new�line.png',
    ]);
    expect(formatGallery('runs/x', listing, plainStyle).at(-1)).toBe('hands   Ada        1  h.png');
  });

  it('says how to add to it while it is empty', () => {
    expect(formatGallery('my runs', { branches: ['faces'], images: [] }, plainStyle)).toEqual([
      "The gallery is empty. Add images with: kindred gallery add 'my runs' NAME IMAGE...",
    ]);
  });

  it('is a list as JSON', () => {
    expect(galleryToJson({ branches: ['faces'], images })).toEqual(images);
  });
});
