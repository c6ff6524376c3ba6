import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { kindredErrorOf } from '../../test/support/catch-error.js';
import { tempFolder } from '../../test/support/temp-folder.js';
import type { ImageSpec } from '../plugin/contract.js';
import { float32, uint8, type NdArrays } from '../tensor/nd-array.js';
import { encodeSafetensors } from '../tensor/safetensors.js';

import { encodeGallery } from './codec.js';
import { requireFit, withImages, withoutName, type DecodedGalleryImage } from './edit.js';
import { changeGallery, readGallery } from './file.js';
import { GALLERY_FILE, MAX_GALLERY_BYTES, type Gallery } from './gallery.js';

const input: ImageSpec = { width: 3, height: 2, channels: 1, resize: 'stretch' };
const signal = new AbortController().signal;

/** An image whose bytes are all `value`. */
const image = (name: string, value: number, branch = 'faces'): DecodedGalleryImage => ({
  image: { branch, name, location: `${value}.png`, sha256: String(value).padStart(64, '0') },
  pixels: uint8([2, 3, 1], new Uint8Array(6).fill(value)),
});
const galleryOf = (...images: DecodedGalleryImage[]): Gallery => withImages(undefined, input, images).gallery;
const gallery = galleryOf(image('Ada', 1), image('Ada', 2), image('Bob', 3));
const names = ({ images }: Gallery) => images.map(({ name, location }) => `${name} ${location}`);
const add = (folder: string, ...images: DecodedGalleryImage[]) =>
  changeGallery(folder, signal, (before) => withImages(before, input, images));

describe('a gallery', () => {
  it('gives what was written, and is gone when its last image is', async () => {
    const folder = await tempFolder();
    expect(await readGallery(folder)).toBeUndefined();
    await add(folder, image('Ada', 1), image('Ada', 2));
    await add(folder, image('Bob', 3));
    expect(await readGallery(folder)).toEqual(gallery);
    await changeGallery(folder, signal, (before) => withoutName(before, 'faces', 'Ada'));
    expect(await readGallery(folder)).toEqual(galleryOf(image('Bob', 3)));
    await changeGallery(folder, signal, (before) => withoutName(before, 'faces', 'Bob'));
    expect(await readdir(folder)).toEqual([]);
  });

  it('has the same bytes whenever it holds the same', () => {
    expect(encodeGallery(gallery)).toEqual(
      encodeGallery(galleryOf(...[1, 2, 3].map((v) => image(v < 3 ? 'Ada' : 'Bob', v)))),
    );
  });

  it('is unchanged, without leftovers, where a change fails', async () => {
    const folder = await tempFolder({ [GALLERY_FILE]: encodeGallery(gallery) });
    await expect(changeGallery(folder, signal, () => { throw new Error('no'); })).rejects.toThrow('no'); // prettier-ignore
    expect(await readGallery(folder)).toEqual(gallery);
    expect(await readdir(folder)).toEqual([GALLERY_FILE]);
  });

  it('loses nothing where many add at once', async () => {
    const folder = await tempFolder();
    await Promise.all(Array.from({ length: 8 }, (_, i) => add(folder, image(`name ${i}`, i))));
    expect((await readGallery(folder))?.images).toHaveLength(8);
    expect(await readdir(folder)).toEqual([GALLERY_FILE]);
  });

  it('is not held up by the lock of a process that was killed', async () => {
    // Numbers of processes end below 2^22.
    const folder = await tempFolder({ '.gallery.lock': '99999999' });
    await add(folder, image('Ada', 1));
    expect(await readdir(folder)).toEqual([GALLERY_FILE]);
  });

  it('waits for whoever changes it, until it is told to stop', async () => {
    const folder = await tempFolder({ '.gallery.lock': String(process.pid) });
    const abort = new AbortController();
    const waiting = changeGallery(folder, abort.signal, (before) => withImages(before, input, [image('Ada', 1)]));
    abort.abort();
    await expect(waiting).rejects.toThrow();
    expect(await readdir(folder)).toEqual(['.gallery.lock']);
  });
});

describe('images of a gallery', () => {
  it('are not doubled under one name', () => {
    const {
      gallery: after,
      added,
      known,
    } = withImages(gallery, input, [image('Ada', 2), image('Ada', 4), image('Ada', 4)]);
    expect(names(after)).toEqual(['Ada 1.png', 'Ada 2.png', 'Bob 3.png', 'Ada 4.png']);
    expect([added, known].map((list) => list.map(({ location }) => location))).toEqual([['4.png'], ['2.png', '4.png']]);
    expect([...after.pixels.data.filter((_, i) => i % 6 === 0)]).toEqual([1, 2, 3, 4]);
  });

  it('are refused under two names', async () => {
    const error = await kindredErrorOf(() => withImages(gallery, input, [image('Bob', 5), image('Bob', 1)]));
    expect([error.code, error.message]).toEqual([
      'KINDRED_USAGE',
      'An image must not be in a gallery under two names. 1.png is there as "Ada" (from 1.png), and was to be "Bob".',
    ]);
  });

  it('may be in the galleries of two branches', () => {
    const { gallery: after } = withImages(gallery, input, [image('Someone', 1, 'voices')]);
    expect(after.images).toHaveLength(4);
    expect(withoutName(after, 'faces', 'Ada').gallery?.images.map(({ name }) => name)).toEqual(['Bob', 'Someone']);
  });

  it.each([
    ['Bop', 'Did you mean "Bob"?'],
    ['Zacharias', 'Known: Ada, Bob.'],
  ])('are not removed by a name that is not there: %s', async (name, hint) => {
    const error = await kindredErrorOf(() => withoutName(gallery, 'faces', name));
    expect([error.code, error.hint]).toEqual(['KINDRED_USAGE', hint]);
  });

  it('cannot be removed where there are none', async () => {
    const error = await kindredErrorOf(() => withoutName(undefined, 'faces', 'Ada'));
    expect(error.hint).toBe('The gallery is empty.');
  });

  it.each(['', 'a\nb', '\u001b[31mred', 'x'.repeat(201)])('must have a name that can be printed: %j', async (name) => {
    expect((await kindredErrorOf(() => galleryOf(image(name, 1)))).code).toBe('KINDRED_USAGE');
  });

  it('are of no use to a backbone that reads others', async () => {
    const error = await kindredErrorOf(() => requireFit(gallery, { ...input, width: 4, channels: 3 }));
    expect([error.code, error.message]).toEqual([
      'KINDRED_GALLERY_INVALID',
      'The images of a gallery must be as the backbone reads them, 4 x 2 x 3 (stretch). Those of Ada, Bob are 3 x 2 x 1 (stretch): the pipeline was trained with another input since.',
    ]);
    expect(error.hint).toContain('kindred gallery remove');
  });
});

describe('attacks on the file of a gallery', () => {
  const bytes = encodeGallery(gallery);
  /** The file of someone who wants to be believed: its hash is right where the pixels are not replaced. */
  const edited = (change: { about?: object; tensors?: NdArrays; metadata?: Record<string, string> }): Uint8Array =>
    rewrite(gallery, change);

  it.each<[string, Uint8Array | string, RegExp]>([
    ['an empty file', '', /it has 0 bytes/],
    ['a header past the end', Uint8Array.of(255, 255, 0, 0, 0, 0, 0, 0), /past the end/],
    ['a header of petabytes', new Uint8Array(8).fill(127), /the limit is/],
    ['a file that was cut off', bytes.slice(0, -1), /end at byte/],
    ['bytes behind the end', Buffer.concat([bytes, Buffer.of(0)]), /end at byte/],
    ['an altered pixel', bytes.map((byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte)), /it was altered/],
    [
      'another name for an image',
      Buffer.from(Buffer.from(bytes).toString('latin1').replace('Bob', 'Eve'), 'latin1'),
      /it was altered/,
    ],
    [
      'an unknown element type',
      Buffer.from(Buffer.from(bytes).toString('latin1').replace('"U8"', '"F8"'), 'latin1'),
      /dtype/,
    ],
    ['floats for pixels', edited({ tensors: { pixels: float32([3, 2, 3, 1]) } }), /must be uint8/],
    ['another tensor beside', edited({ tensors: { pixels: gallery.pixels, more: float32([1]) } }), /"more"/],
    ['another text beside', edited({ metadata: { code: 'x' } }), /"code"/],
    ['no pixels', edited({ tensors: {} }), /missing/],
  ])('%s', async (_, content, message) => {
    const folder = await tempFolder({ [GALLERY_FILE]: content });
    const error = await kindredErrorOf(() => readGallery(folder));
    expect(error.code).toBe('KINDRED_GALLERY_INVALID');
    expect(error.message).toMatch(message);
    // Whoever adds to it must not make it look whole.
    expect((await kindredErrorOf(() => add(folder, image('New', 9)))).code).toBe('KINDRED_GALLERY_INVALID');
    expect(await readFile(path.join(folder, GALLERY_FILE))).toEqual(Buffer.from(content));
  });

  it.each<[string, (about: ReturnType<typeof aboutOf>) => object, RegExp]>([
    ['a newer format', (about) => ({ ...about, format: 2 }), /format/],
    ['more keys', (about) => ({ ...about, run: 'x' }), /run/],
    ['an input of no size', (about) => ({ ...about, input: { ...about.input, width: 0 } }), /input.width/],
    [
      'an input that the pixels do not have',
      (about) => ({ ...about, input: { ...about.input, width: 4 } }),
      /\[3, 2, 4, 1\]/,
    ],
    [
      'more images than pixels',
      (about) => ({ ...about, images: [...about.images, { ...about.images[0], sha256: 'f'.repeat(64) }] }),
      /\[4, 2, 3, 1\]/,
    ],
    [
      'an image twice',
      (about) => ({ ...about, images: about.images.map((one) => ({ ...one, sha256: 'f'.repeat(64) })) }),
      /twice/,
    ],
    [
      'a name that changes the terminal',
      (about) => ({ ...about, images: about.images.map((one) => ({ ...one, name: '\u001b[2J' })) }),
      /name/,
    ],
    [
      'a hash that is none',
      (about) => ({ ...about, images: about.images.map((one) => ({ ...one, sha256: '../x' })) }),
      /sha256/,
    ],
    ['no images', (about) => ({ ...about, images: [] }), /images/],
  ])('%s, though its hash is right', async (_, change, message) => {
    const folder = await tempFolder({ [GALLERY_FILE]: edited({ about: change(aboutOf(gallery)) }) });
    const error = await kindredErrorOf(() => readGallery(folder));
    expect(error.code).toBe('KINDRED_GALLERY_INVALID');
    expect(error.message).toMatch(message);
  });

  it('a file of terabytes is not read', async () => {
    const folder = await tempFolder({ [GALLERY_FILE]: '' });
    await truncate(path.join(folder, GALLERY_FILE), MAX_GALLERY_BYTES + 1);
    expect((await kindredErrorOf(() => readGallery(folder))).message).toContain(
      `must have at most ${MAX_GALLERY_BYTES} bytes`,
    );
  });

  it('a folder in its place', async () => {
    const folder = await tempFolder();
    await mkdir(path.join(folder, GALLERY_FILE));
    expect((await kindredErrorOf(() => readGallery(folder))).message).toContain('must be a file');
  });

  it('a link to a file that is no gallery', async () => {
    const folder = await tempFolder({ 'secret.txt': 'a secret of some length' });
    await symlink('secret.txt', path.join(folder, GALLERY_FILE));
    const error = await kindredErrorOf(() => readGallery(folder));
    expect(error.message).not.toContain('secret of');
    await rm(path.join(folder, GALLERY_FILE));
    await writeFile(path.join(folder, GALLERY_FILE), bytes);
    expect(await readGallery(folder)).toEqual(gallery);
  });
});

const aboutOf = ({ input: own, images }: Gallery) => ({ format: 1, input: own, images });

function rewrite(
  from: Gallery,
  {
    about = aboutOf(from),
    tensors,
    metadata = {},
  }: { about?: object; tensors?: NdArrays; metadata?: Record<string, string> },
): Uint8Array {
  const text = JSON.stringify(about);
  const sha256 = createHash('sha256').update(text).update('\n').update(from.pixels.data).digest('hex');
  return encodeSafetensors(tensors ?? { pixels: from.pixels }, { gallery: text, sha256, ...metadata });
}
