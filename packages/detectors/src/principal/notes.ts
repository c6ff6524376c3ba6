import { RELATIVE_TOLERANCE } from './count.js';
import type { Components } from './options.js';

/** Says so where fewer components were kept than asked for. */
export function reducedNote(component: string, components: Components, rows: number, kept: number): string[] {
  if (typeof components !== 'number' || components < 1 || components <= kept) return [];
  return [
    `${component} keeps ${kept} components instead of ${components}: the ${rows} training images vary in ${kept} directions alone (variance above ${RELATIVE_TOLERANCE} of the largest).`,
  ];
}
