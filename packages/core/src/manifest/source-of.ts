/** What `from` names: a branch, and what is read of it. */
export function sourceOf(from: string): { readonly branch: string; readonly tap: string } {
  const dot = from.indexOf('.');
  return { branch: from.slice(0, dot), tap: from.slice(dot + 1) };
}
