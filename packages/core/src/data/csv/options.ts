import { z } from 'zod';

import { templateProblem } from './image-template.js';

const name = z.string().min(1);
const names = z.array(name).min(1);

const oneHot = z.strictObject({
  format: z.literal('one-hot').optional(),
  columns: z
    .union([z.literal('one-hot'), names], {
      error: ({ input }) =>
        input === undefined
          ? 'must be given: "one-hot" or a list of names, one column for each label; else a "column" with a "format" of "list" or "python-list"'
          : 'must be "one-hot" or a list of column names',
    })
    .describe('"one-hot" for every column that is not ignored, or the names of the label columns.'),
  ignore: z.array(name).default([]).describe('Columns that are no labels, with "columns": "one-hot".'),
});

const known = names.optional().describe('All labels in their order: any other in the file is an error.');

const list = z.strictObject({
  format: z.literal('list'),
  column: name,
  separator: z.string().min(1).default('|').describe('What stands between two labels: Comedy|Drama.'),
  known,
});

const pythonList = z.strictObject({
  format: z.literal('python-list').describe("Lists as Python prints them: ['Comedy', 'Drama']."),
  column: name,
  known,
});

const template = z.string().check((ctx) => {
  const problem = templateProblem(ctx.value);
  if (problem !== undefined) ctx.issues.push({ code: 'custom', message: problem, input: ctx.value });
});

export const csvOptions = z.strictObject({
  path: name.describe('The CSV file.'),
  image: template.describe(
    'Where the images are, with columns in braces: Images/{Id}.jpg. It starts at the folder of the CSV file.',
  ),
  id: name
    .optional()
    .describe('The column of unique ids. Default: the column in `image`; the image path if it has several.'),
  delimiter: z.string().length(1).default(',').describe('What stands between two columns.'),
  labels: z
    .discriminatedUnion('format', [oneHot, list, pythonList])
    .optional()
    .describe('Leave it out for images without labels.'),
});

export type CsvOptions = z.output<typeof csvOptions>;
export type LabelOptions = NonNullable<CsvOptions['labels']>;
