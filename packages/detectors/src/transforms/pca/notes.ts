import type { Components } from '../../principal/options.js';
import { reducedNote } from '../../principal/notes.js';

/** From which share of the possible components on the last ones are mostly what the images happen to leave. */
const CROWDED = 0.9;

/** What a person should know of a fit that kept components with these variances. */
export function pcaNotes(
  { components, whiten }: { components: Components; whiten: boolean },
  rows: number,
  variances: Float64Array,
): string[] {
  const kept = variances.length;
  const notes = reducedNote('pca', components, rows, kept);
  if (whiten && kept > 1 && kept >= CROWDED * (rows - 1)) {
    const factor = Math.sqrt(variances[0]! / variances[kept - 1]!);
    notes.push(
      `pca whitens ${kept} components of ${rows} training images: the last ones vary little in these and more in others, and are magnified ${factor.toPrecision(2)} times as much as the first. Fewer components, or more images, tell new images apart better.`,
    );
  }
  return notes;
}
