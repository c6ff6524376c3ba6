import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { checkManifest, train, type Host } from '@kindred/core/host';
import sharp from 'sharp';

const COLOURS = { red: '#c03020', green: '#20a040', blue: '#2040c0' };
const IMAGES_A_COLOUR = 12;

/** Trains a small network on a few drawn images, and returns the bundle and the images. */
export async function smallBundle(folder: string, host: Host): Promise<{ bundle: string; images: readonly string[] }> {
  const images: string[] = [];
  for (const [name, colour] of Object.entries(COLOURS)) {
    await mkdir(join(folder, 'images', name), { recursive: true });
    for (let i = 0; i < IMAGES_A_COLOUR; i++) {
      const file = join(folder, 'images', name, `${i}.jpg`);
      // Each of another size, so that no two are alike.
      await sharp({ create: { width: 60 + i, height: 80 - i, channels: 3, background: colour } })
        .jpeg()
        .toFile(file);
      images.push(file);
    }
  }
  const manifest = {
    ...{ kindred: 1, name: 'small', seed: 1 },
    data: { use: 'folder', path: 'images', split: { strategy: 'random', validation: 0.2, test: 0.2 } },
    backbone: 'small-cnn',
    head: 'multi-label',
    training: { epochs: 1 },
  };
  const file = join(folder, 'small.json');
  await writeFile(file, JSON.stringify(manifest));
  const { bundle } = await train(await checkManifest(file, host), { out: join(folder, 'bundle') }, host);
  return { bundle, images };
}
