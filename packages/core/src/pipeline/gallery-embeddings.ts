import type { Gallery } from '../gallery/gallery.js';
import { float32, sizeOf, uint8, type NdArray } from '../tensor/nd-array.js';

import { IMAGE_BATCH } from './backbone.js';
import type { Runnable } from './compile-pipeline.js';
import type { KnownEmbeddings } from './match.js';

/**
 * Embeds the images of a gallery with the whole pipeline, batch by batch: what each of these branches knows.
 * @param pipeline `images` in, an output `[B, E]` for each branch
 */
export async function embedGallery(
  pipeline: Runnable,
  { images, pixels }: Gallery,
  branches: readonly string[],
  signal: AbortSignal,
): Promise<Readonly<Record<string, KnownEmbeddings>>> {
  const collected = new Map(branches.map((name) => [name, { names: [] as string[], rows: [] as Float32Array[] }]));
  const [count = 0, ...shape] = pixels.shape;
  const size = sizeOf(shape);
  const batch = Math.min(IMAGE_BATCH, count);
  for (let start = 0; start < count; start += batch) {
    // The last batch is filled up with zeros, so that one shape is compiled.
    const input = uint8([batch, ...shape]);
    input.data.set(pixels.data.subarray(start * size, Math.min(count, start + batch) * size));
    const outputs = await pipeline.run({ images: input }, { signal });
    images.slice(start, start + batch).forEach(({ branch, name }, row) => {
      const own = collected.get(branch);
      if (!own) return;
      const { data, shape: [, length = 1] } = outputs[branch] as NdArray<'float32'>; // prettier-ignore
      own.names.push(name);
      own.rows.push(data.slice(row * length, (row + 1) * length));
    });
  }
  return Object.fromEntries(
    [...collected].map(([name, { names, rows }]) => [name, { names, embeddings: stack(rows) }]),
  );
}

function stack(rows: readonly Float32Array[]): NdArray<'float32'> {
  const length = rows[0]?.length ?? 0;
  const stacked = float32([rows.length, length]);
  rows.forEach((row, i) => stacked.data.set(row, i * length));
  return stacked;
}
