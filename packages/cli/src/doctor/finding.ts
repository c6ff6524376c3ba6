/** What doctor found out about one thing. */
export interface Finding {
  readonly name: string;
  /** `fail` only for what Kindred cannot do without. */
  readonly status: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  /** The command or step that mends it; for everything that is not ok. */
  readonly fix?: string;
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
