import { InvalidArgumentError, Option } from 'commander';

/** `--json`, with what it prints. */
export const jsonOption = (prints: string) => new Option('--json', `${prints} as JSON`);

/** `--cache DIR`. */
export const cacheOption = () =>
  new Option(
    '--cache <dir>',
    "folder for features and downloaded weights (default: KINDRED_CACHE, or the user's cache folder)",
  );

/** The examples at the end of a command's help. */
export const examples = (...commands: string[]) =>
  `\n${commands.length === 1 ? 'Example' : 'Examples'}:\n${commands.map((command) => `  $ ${command}`).join('\n')}`;

/** Parses a whole number of at least 1. */
export function positiveInteger(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1) throw new InvalidArgumentError('It must be a whole number of at least 1.');
  return value;
}
