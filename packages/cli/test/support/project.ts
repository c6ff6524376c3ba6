import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { drawShape } from './images.js';

const NODE_MODULES = fileURLToPath(new URL('../../../../node_modules', import.meta.url));

/** A folder as a user would have it: a manifest, a CSV file, drawn images, installed packages. */
export interface Project {
  readonly dir: string;
  readonly path: (...parts: string[]) => string;
  readonly write: (name: string, content: string | Uint8Array) => Promise<void>;
  /** Writes the manifest `shapes.json` with some of its keys replaced. */
  readonly manifest: (changes?: Record<string, unknown>) => Promise<void>;
  /** All files and folders but the images and packages, sorted. */
  readonly list: () => Promise<string[]>;
  readonly remove: () => Promise<void>;
}

const LABELS = (index: number) => ({ red: index % 2 === 0, round: index % 4 < 2 });

/** A small network on small images: it trains in seconds. */
export const MANIFEST = {
  kindred: 1,
  name: 'shapes',
  seed: 3,
  plugins: ['@kindred/backbones', '@kindred/heads', '@kindred/detectors'],
  data: {
    use: 'csv',
    path: 'shapes.csv',
    image: 'images/{id}.png',
    labels: { columns: 'one-hot', ignore: ['id'] },
    split: { validation: 0.2, test: 0.2 },
  },
  backbone: { use: 'small-cnn', preset: 'tiny', input: { width: 16, height: 16 } },
  head: 'multi-label',
  training: { epochs: 2, batchSize: 8 },
};

export async function createProject(images = 40): Promise<Project> {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'kindred-project-'));
  const at = (...parts: string[]) => path.join(dir, ...parts);
  const write = (name: string, content: string | Uint8Array) => writeFile(at(name), content);
  const manifest = (changes: Record<string, unknown> = {}) =>
    write('shapes.json', JSON.stringify({ ...MANIFEST, ...changes }, undefined, 2));

  await mkdir(at('images'));
  await symlink(NODE_MODULES, at('node_modules'));
  const rows = ['id,red,round'];
  for (let index = 0; index < images; index++) {
    const { red, round } = LABELS(index);
    await write(`images/${index}.png`, await drawShape(index, { red, round }));
    rows.push(`${index},${Number(red)},${Number(round)}`);
  }
  await write('shapes.csv', `${rows.join('\n')}\n`);
  await manifest();

  return {
    dir,
    path: at,
    write,
    manifest,
    list: async () => {
      const top = (await readdir(dir)).filter((name) => name !== 'node_modules' && name !== 'images');
      const nested = await Promise.all(
        top.map(async (name) => {
          const inside = await readdir(at(name), { recursive: true }).catch(() => []);
          return [name, ...inside.map((other) => path.join(name, other))];
        }),
      );
      return nested.flat().sort();
    },
    remove: () => rm(dir, { recursive: true, force: true }),
  };
}
