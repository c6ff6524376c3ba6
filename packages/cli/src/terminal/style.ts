import { styleText } from 'node:util';

const STYLES = ['bold', 'dim', 'red', 'green', 'yellow', 'cyan'] as const;

/** Adds a colour or weight to a text where the stream shows it. */
export type Style = Readonly<Record<(typeof STYLES)[number], (text: string) => string>>;

/** Styles for a stream: colours on a terminal alone, none with NO_COLOR, always with FORCE_COLOR. */
export function createStyle(stream: NodeJS.WriteStream): Style {
  return Object.fromEntries(
    STYLES.map((format) => [format, (text: string) => styleText(format, text, { stream })]),
  ) as Style;
}

/** Changes nothing: for tests and for text that goes into files. */
export const plainStyle: Style = Object.fromEntries(STYLES.map((format) => [format, (text: string) => text])) as Style;
