import type { ParseArgsConfig } from 'node:util';

/** One benchmark of `npm run bench`. */
export interface Bench {
  readonly name: string;
  /** What it shows, in a sentence. */
  readonly summary: string;
  readonly options: NonNullable<ParseArgsConfig['options']>;
  /** A line for each option. */
  readonly help: string;
  /** @throws TypeError for options that do not fit */
  run(given: Given, print: (line: string) => void): Promise<void>;
}

/** What was given on the command line. */
export class Given {
  constructor(private readonly values: Readonly<Record<string, string | boolean | undefined>>) {}

  text(option: string): string | undefined {
    const value = this.values[option];
    return typeof value === 'string' ? value : undefined;
  }

  /** @throws TypeError if it is missing */
  required(option: string): string {
    const value = this.text(option);
    if (value === undefined) throw new TypeError(`--${option} must be given.`);
    return value;
  }

  flag(option: string): boolean {
    return this.values[option] === true;
  }

  /** A whole number above zero. @throws TypeError */
  count(option: string): number {
    const value = Number(this.values[option]);
    if (Number.isInteger(value) && value >= 1) return value;
    throw new TypeError(`--${option} must be a whole number above 0. Got ${String(this.values[option])}.`);
  }

  /** What an earlier run wrote as JSON. @throws TypeError */
  json(option: string): unknown {
    const text = this.text(option);
    if (text === undefined) return undefined;
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw new TypeError(`--${option} must be JSON. Got ${text}.`, { cause });
    }
  }
}
