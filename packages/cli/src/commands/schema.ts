import { rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { Command } from 'commander';

import { KindredError } from '@kindred/core';

import { BUILT_IN_PLUGINS, createHost, loadApi } from '../host.js';
import { EXIT, type App } from '../run/app.js';
import type { Run } from '../run/run.js';

import { examples } from './options.js';

export const schemaCommand = (run: Run) =>
  new Command('schema')
    .summary('write the JSON Schema of manifests, for editors')
    .description(
      'Prints the JSON Schema of manifests: with the components of the plugins that a manifest loads, or of those that come with ' +
        'Kindred. Editors complete and check a manifest whose "$schema" names the file.',
    )
    .argument('[manifest]', 'a manifest whose plugins are loaded')
    .option('-o, --out <file>', 'write to a file instead of standard output')
    .addHelpText('after', examples('kindred schema posters.json --out kindred.schema.json'))
    .action((manifest: string | undefined, options: { out?: string }, command: Command) =>
      run(command, (app) => schema(app, manifest, options)),
    );

async function schema(app: App, manifest: string | undefined, options: { out?: string }): Promise<number> {
  const api = await loadApi();
  const host = await createHost(app);
  const registry =
    manifest === undefined
      ? await api.loadRegistry([...BUILT_IN_PLUGINS], path.resolve(), host)
      : (await api.checkManifest(manifest, host)).registry;
  const text = JSON.stringify(api.manifestJsonSchema(registry), undefined, 2);
  if (options.out === undefined) {
    await app.terminal.out(text);
  } else {
    await writeWhole(options.out, `${text}\n`);
    app.terminal.err(`${app.terminal.errStyle.green('✓')} ${options.out}`);
  }
  return EXIT.done;
}

/** Writes a file so that nobody ever finds half of it. */
async function writeWhole(file: string, text: string): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, text);
    await rename(temporary, file);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new KindredError('KINDRED_USAGE', {
      message: `The file for the schema must be writable. Got ${file}: ${cause instanceof Error ? cause.message : String(cause)}`,
      received: file,
      hint: 'Its folder must exist. Give --out another file.',
      cause,
    });
  }
}
