/** One quoted string with backslash escapes, as Python's `repr` writes it. */
const ITEM = /\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*/sy;

/**
 * Reads a list of strings as Python prints it, `['Comedy', "It's"]`, without running anything.
 * @returns undefined if `text` is not such a list
 */
export function parsePythonList(text: string): string[] | undefined {
  const inner = /^\s*\[(.*)\]\s*$/s.exec(text)?.[1];
  if (inner === undefined) return undefined;

  const items: string[] = [];
  let position = 0;
  while (inner.slice(position).trim() !== '') {
    ITEM.lastIndex = position;
    const match = ITEM.exec(inner);
    if (match === null) return undefined;
    items.push((match[1] ?? match[2] ?? '').replace(/\\(.)/gs, '$1'));
    position = ITEM.lastIndex;
    if (position === inner.length) break;
    // Python allows a comma after the last item.
    if (inner[position] !== ',') return undefined;
    position++;
  }
  return items;
}
