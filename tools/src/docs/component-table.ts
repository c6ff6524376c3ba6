/** The parts of JSON Schema that manifests use. */
export interface Schema {
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly $ref?: string;
}

/** Safe in a cell of a Markdown table. */
const escape = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const code = (value: unknown): string => `\`${JSON.stringify(value)}\``;

/** A Markdown table of an object's keys: what each holds, its default, what it is for. */
export function optionsTable(schema: Schema, hidden: readonly string[] = []): string[] {
  const rows = rowsOf(schema, '').filter(([key = '']) => !hidden.includes(key));
  if (rows.length === 0) return ['It has no options.'];
  return [
    '| option | holds | default | |',
    '| --- | --- | --- | --- |',
    ...rows.map(
      (cells) =>
        `| ${cells
          .map(escape)
          .map((cell, i) => (i === 0 ? `\`${cell}\`` : cell))
          .join(' | ')} |`,
    ),
  ];
}

/** `[key, type, default, description]` for each key, those of inner objects after their own. */
function rowsOf({ properties = {}, required = [] }: Schema, prefix: string): string[][] {
  return Object.entries(properties).flatMap(([key, inner]) => {
    const missing = required.includes(key) ? 'needed' : '';
    const fallback = inner.default === undefined ? missing : code(inner.default);
    const row = [`${prefix}${key}`, typeOf(inner), fallback, inner.description ?? ''];
    const choices = inner.items ? alternatives(inner.items) : alternatives(inner);
    const inside = choices.flatMap((choice) => rowsOf(choice, `${prefix}${key}${inner.items ? '[]' : ''}.`));
    return [row, ...merged(inside, choices.length)];
  });
}

const alternatives = (schema: Schema): readonly Schema[] => schema.anyOf ?? schema.oneOf ?? [schema];

/** One row for a key that several alternatives have; it is needed only where all of them need it. */
function merged(rows: readonly string[][], alternatives: number): string[][] {
  const keys = [...new Set(rows.map(([key = '']) => key))];
  return keys.map((key) => {
    const same = rows.filter((row) => row[0] === key);
    const cells = (i: number) => [...new Set(same.map((row) => row[i] ?? '').filter((cell) => cell !== ''))];
    const needed = same.length === alternatives && same.every((row) => row[2] === 'needed');
    const fallback = cells(2).find((cell) => cell !== 'needed') ?? (needed ? 'needed' : '');
    return [key, cells(1).join(' or '), fallback, cells(3).join(' ')];
  });
}

function typeOf(schema: Schema): string {
  const { enum: values, const: value, $ref, anyOf, oneOf, items, type } = schema;
  if ($ref !== undefined) return withArticle($ref.split('/').at(-1) ?? '');
  if (values) return values.map(code).join(', ');
  if (value !== undefined) return code(value);
  const choices = anyOf ?? oneOf;
  if (choices) return [...new Set(choices.map(typeOf))].join(' or ');
  if (items) return `list of ${typeOf(items)}`;
  if (schema.properties && type === 'object') return `{ ${Object.keys(schema.properties).join(', ')} }`;
  if (type === 'object') return 'object';
  return `${[type ?? 'any'].flat().join(' or ')}${rangeOf(schema)}`;
}

const withArticle = (noun: string): string => `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;

/** Bounds that a person set; those of JavaScript's integers say nothing. */
function rangeOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Schema): string {
  const real = (bound: number | undefined) => bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER;
  const low = real(minimum) ? `from ${minimum}` : real(exclusiveMinimum) ? `above ${exclusiveMinimum}` : '';
  const high = real(maximum) ? `to ${maximum}` : real(exclusiveMaximum) ? `below ${exclusiveMaximum}` : '';
  const range = [low, high].filter((bound) => bound !== '').join(' ');
  return range === '' ? '' : `, ${range}`;
}
