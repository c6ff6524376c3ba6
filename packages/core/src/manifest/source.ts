import { findNodeAtLocation, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';

import { KindredError } from '../errors/kindred-error.js';

/** Keys and indices from the root of a manifest. */
export type JsonPath = readonly (string | number)[];

/** The text of a manifest, its value, and where in the text each value stands. */
export interface ManifestSource {
  readonly file: string;
  readonly value: unknown;
  /** `file:line:column` of the value at `path`, or of the nearest one around it. */
  locate(path: JsonPath): string;
  /** `file:line:column` of the key of the property at `path`. */
  locateKey(path: JsonPath): string;
}

/**
 * Reads JSON with comments and trailing commas.
 * @throws KINDRED_MANIFEST_INVALID with every mistake as one of `issues`
 */
export function parseManifest(text: string, file: string): ManifestSource {
  const errors: ParseError[] = [];
  // A byte order mark is what some editors leave; it is no mistake.
  const body = text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text;
  const root = parseTree(body, errors, { allowTrailingComma: true });
  const at = (offset: number) => `${file}:${position(body, offset)}`;

  const isEmpty = !root && errors.every(({ error }) => printParseErrorCode(error) === 'ValueExpected');
  const issues = (isEmpty ? [] : errors).map(
    ({ error, offset }) =>
      new KindredError('KINDRED_MANIFEST_SYNTAX', {
        message: `${at(offset)}: a manifest must be JSON. Got ${spaced(printParseErrorCode(error))}.`,
        path: file,
      }),
  );
  if (root) {
    const keys = objectKeys(root);
    issues.push(...keys.repeated.map((key) => duplicate(String(key.value), at(key.offset), file)));
    issues.push(...keys.hostile.map((key) => hostile(String(key.value), at(key.offset), file)));
  } else if (issues.length === 0) {
    issues.push(
      new KindredError('KINDRED_MANIFEST_SYNTAX', { message: `${file}: a manifest must not be empty.`, path: file }),
    );
  }
  if (!root || issues.length > 0) throw invalidManifest(file, issues);

  const nodeAt = (path: JsonPath): Node => {
    for (let length = path.length; length > 0; length--) {
      const node = findNodeAtLocation(root, path.slice(0, length));
      if (node) return node;
    }
    return root;
  };
  return {
    file,
    value: valueOf(root),
    locate: (path) => at(nodeAt(path).offset),
    locateKey: (path) => at((nodeAt(path).parent?.children?.[0] ?? nodeAt(path)).offset),
  };
}

/** The one error that carries all mistakes of a manifest. */
export function invalidManifest(file: string, issues: readonly KindredError[]): KindredError {
  const count = issues.length === 1 ? 'one mistake' : `${issues.length} mistakes`;
  return new KindredError('KINDRED_MANIFEST_INVALID', {
    message: `The manifest ${file} has ${count}.`,
    path: file,
    issues,
  });
}

/** Plain values. */
function valueOf(node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(valueOf);
  if (node.type !== 'object') return node.value as unknown;
  const properties = (node.children ?? []).flatMap(({ children: [key, value] = [] }) =>
    key && value ? [[String(key.value), valueOf(value)] as const] : [],
  );
  return Object.fromEntries(properties);
}

/** Keys that stand twice in their object, and those that JavaScript does not take for ordinary keys. */
function objectKeys(node: Node): { repeated: Node[]; hostile: Node[] } {
  const seen = new Set<unknown>();
  const found = { repeated: [] as Node[], hostile: [] as Node[] };
  for (const child of node.children ?? []) {
    const [key] = child.children ?? [];
    if (node.type === 'object' && key) {
      if (seen.has(key.value)) found.repeated.push(key);
      else if (key.value === '__proto__') found.hostile.push(key);
      seen.add(key.value);
    }
    const inner = objectKeys(child);
    found.repeated.push(...inner.repeated);
    found.hostile.push(...inner.hostile);
  }
  return found;
}

function hostile(key: string, where: string, file: string): KindredError {
  return new KindredError('KINDRED_MANIFEST_UNKNOWN_KEY', {
    message: `${where}: every key must be known. Got "${key}", which never is.`,
    path: file,
    received: key,
    hint: 'Remove it.',
  });
}

function duplicate(key: string, where: string, file: string): KindredError {
  return new KindredError('KINDRED_MANIFEST_SYNTAX', {
    message: `${where}: a key must stand once in its object. Got "${key}" again.`,
    path: file,
    received: key,
  });
}

function position(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return `${line}:${offset - before.lastIndexOf('\n')}`;
}

function spaced(code: string): string {
  return code.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}
