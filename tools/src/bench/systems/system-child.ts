// One training run, in a process of its own: a task as JSON in, what it gave and took as JSON out.
import { checkManifest, train } from '@kindred/core/host';

import { quietHost } from '../quiet-host.js';

import type { SystemRun, SystemTask } from './run-system.js';

const { manifest, out, cacheDir } = JSON.parse(process.argv[2] ?? '') as SystemTask;
const host = quietHost(cacheDir);
const start = performance.now();
const { evaluations, history, notes } = await train(await checkManifest(manifest, host), { out }, host);
const run: SystemRun = {
  ...{ evaluations, history, notes },
  seconds: (performance.now() - start) / 1000,
  peakMemoryMB: process.resourceUsage().maxRSS / 1000,
};
process.stdout.write(`${JSON.stringify(run)}\n`);
