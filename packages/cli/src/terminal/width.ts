import { stripVTControlCharacters } from 'node:util';

const segmenter = new Intl.Segmenter();
/** East Asian wide blocks and emoji: two cells on a terminal (Unicode Standard Annex 11). */
const WIDE =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6])/u;

/** How many cells of a terminal `text` takes. Escape sequences take none. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const { segment } of segmenter.segment(stripVTControlCharacters(text))) width += WIDE.test(segment) ? 2 : 1;
  return width;
}

/** Cuts unstyled `text` to `width` cells, with an ellipsis where something was cut. */
export function truncate(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let cut = '';
  for (const { segment } of segmenter.segment(text)) {
    if (displayWidth(cut + segment) > width - 1) break;
    cut += segment;
  }
  return `${cut}…`;
}

/** Makes text from outside (names of files, labels) safe to print in a line: no control characters. */
export function oneLine(text: string): string {
  return text.replace(/\p{Cc}/gu, '\ufffd');
}
