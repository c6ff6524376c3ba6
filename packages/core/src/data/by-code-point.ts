/**
 * Orders strings by Unicode code point, the same on every machine: `localeCompare` follows the user's language and `<`
 * compares UTF-16 units, which puts characters beyond U+FFFF before U+E000.
 */
export function byCodePoint(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left !== right) return lifted(left) - lifted(right);
  }
  return a.length - b.length;
}

/** Moves surrogates behind all other UTF-16 units. */
function lifted(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
