import { visit } from 'jsonc-parser';
import { z } from 'zod';

import { FORMAT_DTYPES, METADATA_KEY, type FormatDType, type HeaderEntry } from './format.js';

export interface Header {
  readonly entries: readonly (readonly [name: string, entry: HeaderEntry])[];
  readonly metadata: Readonly<Record<string, string>>;
}

const offset = z.int().nonnegative();
const ENTRY = z.strictObject({
  dtype: z.enum(FORMAT_DTYPES.map(({ format }) => format) as [FormatDType['format']]),
  shape: z.array(z.int().nonnegative()),
  data_offsets: z.tuple([offset, offset]),
});
const METADATA = z.record(z.string(), z.string());

/**
 * Reads the header's JSON.
 * @throws Error that says what is wrong with it.
 */
export function parseHeader(bytes: Uint8Array): Header {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  if (!text.startsWith('{')) throw new Error('its header must begin with {');
  const json = JSON.parse(text) as Record<string, unknown>;
  const duplicate = duplicateKey(text);
  if (duplicate !== undefined) throw new Error(`its header has the name '${duplicate}' twice`);

  const { [METADATA_KEY]: metadata = {}, ...tensors } = json;
  const entries = Object.entries(tensors).map(([name, value]) => {
    const entry = ENTRY.safeParse(value);
    if (!entry.success) throw new Error(`its tensor '${name}' ${explain(entry.error)}`);
    return [name, entry.data] as const;
  });
  const texts = METADATA.safeParse(metadata);
  if (!texts.success) throw new Error(`its ${METADATA_KEY} must hold text by name`);
  return { entries, metadata: texts.data };
}

function explain(error: z.ZodError): string {
  const [issue] = error.issues;
  return `has a bad ${issue?.path.join('.') || 'entry'}: ${issue?.message}`;
}

/** `JSON.parse` takes the last of several equal keys in silence; two readers could then see two different files. */
function duplicateKey(text: string): string | undefined {
  const seen: Set<string>[] = [];
  let duplicate: string | undefined;
  visit(text, {
    onObjectBegin: () => void seen.push(new Set()),
    onObjectEnd: () => void seen.pop(),
    onObjectProperty(name) {
      const keys = seen.at(-1);
      if (keys?.has(name)) duplicate ??= name;
      keys?.add(name);
    },
  });
  return duplicate;
}
