import { Command } from 'commander';

import type { EngineComponent } from '@kindred/core';

import { checkCache } from '../doctor/cache.js';
import { checkCpu } from '../doctor/cpu.js';
import { checkEngine } from '../doctor/engine.js';
import { engineContext } from '../doctor/engine-context.js';
import { messageOf, type Finding } from '../doctor/finding.js';
import { checkImages } from '../doctor/images.js';
import { checkNode } from '../doctor/node.js';
import { checkWeights } from '../doctor/weights.js';
import { createHost } from '../host.js';
import { EXIT, type App } from '../run/app.js';
import type { Run } from '../run/run.js';
import type { Style } from '../terminal/style.js';

import { cacheOption, examples, jsonOption } from './options.js';

interface DoctorOptions {
  readonly json?: boolean;
  readonly cache?: string;
}

export const doctorCommand = (run: Run) =>
  new Command('doctor')
    .summary('check that this machine has what Kindred needs')
    .description(
      'Checks that this machine has what Kindred needs: Node, processor, image decoding, engines, cache and weights. ' +
        'Each line that is not ok says what to do. Exits with 1 if something that is needed does not work.',
    )
    .addOption(jsonOption('print a list of { name, status, detail, fix }'))
    .addOption(cacheOption())
    .addHelpText('after', examples('kindred doctor'))
    .action((options: DoctorOptions, command: Command) => run(command, (app) => doctor(app, options)));

async function doctor(app: App, options: DoctorOptions): Promise<number> {
  const findings: Finding[] = [];
  const style = app.terminal.outStyle;
  for await (const finding of examine(app, options)) {
    findings.push(finding);
    if (!options.json) for (const line of formatFinding(finding, style)) await app.terminal.out(line);
  }
  if (options.json) await app.terminal.out(JSON.stringify(findings, undefined, 2));
  return findings.some(({ status }) => status === 'fail') ? EXIT.failed : EXIT.done;
}

async function* examine(app: App, options: DoctorOptions): AsyncGenerator<Finding> {
  yield checkNode();
  yield checkCpu();
  yield await checkImages();
  let host;
  try {
    host = await createHost(app, options);
  } catch (error) {
    const fix = 'npm ci, in a clean folder: a native package of this platform is missing or damaged';
    yield { name: 'plugins', status: 'fail', detail: `Kindred's own packages do not load: ${messageOf(error)}`, fix };
    return;
  }
  yield { name: 'plugins', status: 'ok', detail: Object.keys(host.plugins).join(', ') };
  const components = Object.values(host.plugins).flatMap((plugin) => plugin.components);
  const engines = components.filter((component): component is EngineComponent => component.kind === 'engine');
  for (const engine of engines) yield await checkEngine(engine, engineContext(host));
  yield await checkCache(host.cacheDir);
  yield await checkWeights(host.cacheDir);
}

function formatFinding({ name, status, detail, fix }: Finding, style: Style): string[] {
  const colour = { ok: style.green, warn: style.yellow, fail: style.red }[status];
  const line = `${colour(status.padEnd(4))}  ${name.padEnd(17)}  ${detail}`;
  return fix === undefined ? [line] : [line, `${' '.repeat(25)}${style.cyan('→')} ${fix}`];
}
