import { parseArgs } from 'node:util';

import { cold } from './cold/command.js';
import { Given, type Bench } from './command.js';
import { detectors } from './detectors/command.js';
import { features } from './features/command.js';
import { memory } from './memory/command.js';
import { oneClass } from './one-class/command.js';
import { systems } from './systems/command.js';
import { training } from './training/command.js';

const BENCHES: readonly Bench[] = [features, training, detectors, oneClass, systems, cold, memory];

const USAGE = `Usage: npm run bench -- NAME [options]
${BENCHES.map(({ name, summary, help }) => `\n${name}: ${summary}\n${help}\n`).join('')}`;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function main([name, ...args]: readonly string[]): Promise<void> {
  const bench = BENCHES.find((candidate) => candidate.name === name);
  if (!bench) throw new TypeError(`A benchmark must be named. Got ${name ?? 'nothing'}.`);
  const { values } = parseArgs({ args, options: bench.options });
  await bench.run(new Given(values as Record<string, string | boolean>), print);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  // What parseArgs and Given throw: the usage tells more than a stack.
  if (!(error instanceof TypeError)) throw error;
  process.stderr.write(`${error.message}\n\n${USAGE}`);
  process.exitCode = 2;
}
