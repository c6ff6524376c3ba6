import type { KindredError } from '@kindred/core';

import { oneLine } from '../terminal/width.js';

/** One line that names an image and what is wrong with it; most messages name it themselves. */
export function imageProblem(location: string, { message }: KindredError): string {
  return oneLine(message.includes(location) ? message : `${location}: ${message}`);
}
