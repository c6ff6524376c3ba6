import { parseArgs } from 'node:util';

export const USAGE = `Usage: npm run quickstart [-- options]

Trains, evaluates and uses a pipeline that says which genres a film poster is of, and shows each command that it runs.

  --data DIR    a set of your own: DIR/train.csv (Id, then a column of 0 and 1 for each genre) and DIR/Images/{Id}.jpg;
                without it, posters are drawn
  --count N     how many posters                     (default 400, with --data at most 1000)
  --out DIR     where everything is written          (default .kindred/quickstart)
  --offline     train a small network from scratch, as happens where ResNet-50's weights cannot be had
  --help        this text
`;

export interface QuickstartOptions {
  readonly data?: string;
  readonly count: number;
  readonly out: string;
  readonly offline: boolean;
}

/** Wrong usage: told in a line, without a stack. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** With fewer there is nothing to measure: the test part of a tenth would hold one or two images. */
const LEAST = 30;

/**
 * Reads the command line; undefined if help is asked for.
 * @throws UsageError
 */
export function readOptions(args: readonly string[]): QuickstartOptions | undefined {
  const { help, data, count, out, offline } = parse(args);
  if (help) return undefined;
  const wanted = Number(count ?? (data === undefined ? 400 : 1000));
  if (!Number.isInteger(wanted) || wanted < LEAST) {
    throw new UsageError(`--count must be a whole number of at least ${LEAST}. Got ${count}.`);
  }
  return { data, count: wanted, out, offline };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        data: { type: 'string' },
        count: { type: 'string' },
        out: { type: 'string', default: '.kindred/quickstart' },
        offline: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
