import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { BINDING_FILE, HOST_TFJS } from './host-tfjs.js';
import type { Installation } from './installation.js';

/** An installation that works. */
export interface Probed {
  readonly ok: true;
  /** libtensorflow's version. */
  readonly tensorflow: string;
  readonly gpu: boolean;
}

/** One that does not. */
export interface Failed {
  readonly ok: false;
  readonly reason: string;
}

const SCRIPT = fileURLToPath(new URL('./probe.mjs', import.meta.url));

/** Loading takes a second or two; a GPU's first use, several. */
const PATIENCE_MS = 120_000;

/** Tries an installation out in a process of its own. @throws the signal's reason on abort */
export function probe(installation: Installation, signal?: AbortSignal): Promise<Probed | Failed> {
  const { folder, package: name } = installation;
  const argument = JSON.stringify({ folder, package: name, binding: BINDING_FILE, symbol: HOST_TFJS });
  const options = { timeout: PATIENCE_MS, signal };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [SCRIPT, argument], options, (error, stdout, stderr) => {
      if (signal?.aborted) reject(signal.reason as Error);
      else if (error) resolve({ ok: false, reason: reasonOf(stderr) ?? error.message });
      else resolve({ ok: true, ...(JSON.parse(stdout) as Omit<Probed, 'ok'>) });
    });
  });
}

/** The line of an uncaught error; libtensorflow's log may stand before it. */
function reasonOf(stderr: string): string | undefined {
  return /^\w*Error: (.+)$/m.exec(stderr)?.[1];
}
