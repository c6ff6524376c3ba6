/** The part of npm's configuration reader that is used here; the package brings no types. */
declare module '@npmcli/config' {
  export default class Config {
    constructor(options: {
      definitions: object;
      shorthands: object;
      flatten: object;
      nerfDarts: readonly string[];
      npmPath: string;
      argv: readonly string[];
      env: Readonly<Record<string, string | undefined>>;
      cwd: string;
      warn: boolean;
    });
    load(): Promise<void>;
    /** The layer that sets `key`: `default`, `user`, `env`, ... */
    find(key: string): string | null;
    /** Options under the names that npm's own libraries use. */
    readonly flat: Readonly<Record<string, unknown>>;
  }
}

declare module '@npmcli/config/lib/definitions/index.js' {
  const definitions: { definitions: object; shorthands: object; flatten: object; nerfDarts: readonly string[] };
  export default definitions;
}
