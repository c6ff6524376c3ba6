import path from 'node:path';

import { KindredError } from '../../errors/kindred-error.js';

/** `Images/{Id}.jpg` in parts: texts, and the columns between them (one less than texts). */
interface Template {
  readonly texts: readonly string[];
  readonly columns: readonly string[];
}

/** What is wrong with an image template, in words; undefined if nothing is. */
export function templateProblem(template: string): string | undefined {
  const { texts, columns } = parse(template);
  if (texts.some((text) => /[{}]/.test(text)) || columns.includes('')) {
    return 'must have a column name between each { and }';
  }
  if (columns.length === 0) return 'must name a column in braces, as in Images/{Id}.jpg';
  return undefined;
}

/** The columns that a template names, each once. */
export function templateColumns(template: string): string[] {
  return [...new Set(parse(template).columns)];
}

/**
 * Makes a function from column values to absolute image paths. Values come with the data and are not trusted: they can
 * not lead out of the CSV file's folder, or, where the template itself names a folder elsewhere, out of that one.
 */
export function imagePaths(template: string, csvFolder: string): (value: (column: string) => string) => string {
  const { texts, columns } = parse(template);
  const start = path.resolve(csvFolder, folderPart(texts[0] ?? ''));
  const root = isInside(csvFolder, start) ? csvFolder : start;

  return (value) => {
    const filled = columns.reduce((text, column, i) => text + value(column) + (texts[i + 1] ?? ''), texts[0] ?? '');
    const target = path.resolve(csvFolder, filled);
    if (target !== root && isInside(root, target) && !filled.includes('\0')) return target;
    throw new KindredError('KINDRED_DATA_OUTSIDE', {
      message: `The image path made of "${template}" must lie in ${root}. Got ${JSON.stringify(filled)}.`,
      received: filled,
      hint: path.isAbsolute(filled)
        ? 'For a column of absolute paths, write "image": "/{Column}".'
        : 'Write the folder of the images into the template, or correct the value.',
    });
  };
}

function parse(template: string): Template {
  const pieces = template.split(/\{([^{}]*)\}/);
  return { texts: pieces.filter((_, i) => i % 2 === 0), columns: pieces.filter((_, i) => i % 2 === 1) };
}

/** The part of a path up to its last separator. */
function folderPart(text: string): string {
  return /^.*[/\\]/s.exec(text)?.[0] ?? '';
}

function isInside(folder: string, target: string): boolean {
  const relative = path.relative(folder, target);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}
