import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { isKindredError } from '@kindred/core';

import { managedFolder, NOTE, TFJS_NODE_VERSION, type Installation, type TfjsNodePackage } from '../installation.js';
import { probe, type Probed } from '../probe.js';

import { buildBinding, findCompiler } from './build-binding.js';
import { asCacheError, installError, WHEEL_HINT } from './errors.js';
import { openLibtensorflow } from './libtensorflow.js';
import type { InstallOptions } from './options.js';
import { fetchPackages, keepWhatRuns } from './packages.js';
import { replaceFolder } from './replace-folder.js';

/** What was installed, and what it said when it was tried. */
export interface Installed extends Installation {
  readonly probed: Probed;
}

/**
 * Installs the engine tensorflow into the cache folder: tfjs-node with its own installer, or built against the TensorFlow that
 * `from` names. It is tried in a process of its own before it takes its place; until then an older one stays.
 * @throws KINDRED_ENGINE_INSTALL, KINDRED_CACHE_UNWRITABLE; the signal's reason on abort
 */
export async function installTensorflow(options: InstallOptions): Promise<Installed> {
  const { from, gpu = false, cacheDir, signal } = options;
  if (from !== undefined && process.platform !== 'linux') {
    throw installError(
      `--from needs Linux, where TensorFlow's wheels have libraries to link with. This is ${process.platform}`,
      {
        hint: "Leave --from out to run the package's own installer.",
      },
    );
  }
  const name: TfjsNodePackage = gpu && from === undefined ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node';
  const note = {
    package: name,
    version: TFJS_NODE_VERSION,
    origin: from === undefined ? 'npm' : path.basename(path.resolve(from)),
  };
  const folder = managedFolder(cacheDir);
  let probed: Probed | undefined;
  try {
    await replaceFolder(folder, async (staging) => {
      const root = path.join(staging, 'node_modules', name);
      // First what fails at once where something is missing.
      const build = from === undefined ? undefined : await prepareBuild(from, staging, options);
      await fetchPackages(name, staging, { scripts: build === undefined, signal });
      await build?.(root);
      await keepWhatRuns(name, staging);
      probed = await tryOut({ ...note, folder: root }, signal);
      await writeFile(path.join(staging, NOTE), JSON.stringify(note));
      signal.throwIfAborted();
    });
  } catch (error) {
    signal.throwIfAborted();
    throw isKindredError(error) ? error : asCacheError(error, folder);
  }
  return { ...note, folder: path.join(folder, 'node_modules', name), probed: probed as Probed };
}

/** Opens the TensorFlow and looks for a compiler; what it returns builds the binding of the tfjs-node in `root`. */
async function prepareBuild(from: string, staging: string, { progress, signal, log }: InstallOptions) {
  const compiler = await findCompiler(signal);
  const scratch = path.join(staging, 'unpacked');
  const lib = path.join(scratch, 'lib');
  const opened = await openLibtensorflow(from, { lib, scratch }, { progress, signal });
  if (opened.inPlace)
    log.info({ folder: opened.libraries }, 'the libraries stay where they are; the engine needs them there');
  return async (root: string) => {
    const step = progress.start({ name: 'compile the binding' });
    try {
      const moved = path.join(root, 'deps/lib');
      await mkdir(path.dirname(moved), { recursive: true });
      if (!opened.inPlace) await rename(lib, moved);
      const libtensorflow = opened.inPlace ? opened : { ...opened, libraries: moved };
      const nodeHeaders = path.join(staging, 'node_modules/node-api-headers/include');
      await buildBinding({ compiler, package: root, nodeHeaders, libtensorflow, signal });
      await rm(scratch, { recursive: true, force: true });
      step.end();
    } catch (error) {
      step.end('failed');
      throw error;
    }
  };
}

async function tryOut(installation: Installation, signal: AbortSignal): Promise<Probed> {
  const result = await probe(installation, signal);
  if (result.ok) return result;
  throw installError(`what was built must load and compute. It did not: ${result.reason}`, { hint: WHEEL_HINT });
}
