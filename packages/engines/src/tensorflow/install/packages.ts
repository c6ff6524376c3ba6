import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { standIn, TFJS_PACKAGES } from '../host-tfjs.js';
import { TFJS_NODE_VERSION, type TfjsNodePackage } from '../installation.js';

import { installError, WHEEL_HINT } from './errors.js';
import { runNpm } from './npm.js';

/** The registry's hashes of the packages at `TFJS_NODE_VERSION`. */
const INTEGRITY: Readonly<Record<TfjsNodePackage, string>> = {
  '@tensorflow/tfjs-node':
    'sha512-uHrXeUlfgkMxTZqHkESSV7zSdKdV0LlsBeblqkuKU9nnfxB1pC6DtoyYVaLxznzZy7WQSegjcohxxCjAf6Dc7w==',
  '@tensorflow/tfjs-node-gpu':
    'sha512-p//NN6DGiN4hInUmIkRffaFVMcdTREUMjPyjW04J7OXvB2zBlQimj61eFKSgRrH3f5TnOfKzb0n56he/B6a4bw==',
};

/** Needed to run; and the headers of Node's stable native interface, to build. */
const PROTOBUF = { 'google-protobuf': '3.21.4' };
const HEADERS = { 'node-api-headers': '1.9.0' };

export interface FetchOptions {
  /** Run the package's install script, which fetches libtensorflow. */
  readonly scripts: boolean;
  readonly signal: AbortSignal;
}

/**
 * Installs tfjs-node into `folder`, an empty one, with stand-ins for the tfjs packages that it would bring.
 * @throws KINDRED_ENGINE_INSTALL; the signal's reason on abort
 */
export async function fetchPackages(name: TfjsNodePackage, folder: string, { scripts, signal }: FetchOptions) {
  const standIns = Object.fromEntries(TFJS_PACKAGES.map((tfjs) => [tfjs, `file:stand-ins/${path.basename(tfjs)}`]));
  for (const tfjs of TFJS_PACKAGES) await writeStandIn(tfjs, path.join(folder, 'stand-ins', path.basename(tfjs)));
  const manifest = {
    private: true,
    dependencies: { ...standIns, ...PROTOBUF, ...HEADERS, [name]: TFJS_NODE_VERSION },
    overrides: Object.fromEntries(TFJS_PACKAGES.map((tfjs) => [tfjs, `$${tfjs}`])),
  };
  await writeFile(path.join(folder, 'package.json'), JSON.stringify(manifest));

  const flags = ['--no-audit', '--no-fund', '--loglevel=error', '--foreground-scripts', `--ignore-scripts=${!scripts}`];
  const hint = scripts
    ? `The package's own installer needs a network that reaches storage.googleapis.com, and binaries for this Node. ${WHEEL_HINT}`
    : "Check the network and npm's settings (registry, proxy, cafile in .npmrc).";
  await runNpm(['install', ...flags], folder, signal, hint);
  await checkIntegrity(name, folder);
}

/** Leaves in `folder` what runs: tfjs-node, the stand-ins and protobuf, as folders of their own. */
export async function keepWhatRuns(name: TfjsNodePackage, folder: string): Promise<void> {
  const modules = path.join(folder, 'node_modules');
  const kept = new Set([...TFJS_PACKAGES, name, ...Object.keys(PROTOBUF)].map((entry) => entry.split('/')[0]));
  for (const entry of await readdir(modules)) {
    if (!kept.has(entry)) await rm(path.join(modules, entry), { recursive: true });
  }
  for (const tfjs of TFJS_PACKAGES) {
    await rm(path.join(modules, tfjs), { recursive: true, force: true });
    await writeStandIn(tfjs, path.join(modules, tfjs));
  }
  for (const entry of ['stand-ins', 'package.json', 'package-lock.json']) {
    await rm(path.join(folder, entry), { recursive: true, force: true });
  }
}

async function writeStandIn(tfjs: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [file, text] of Object.entries(standIn(tfjs))) await writeFile(path.join(folder, file), text);
}

async function checkIntegrity(name: TfjsNodePackage, folder: string): Promise<void> {
  const lock = JSON.parse(await readFile(path.join(folder, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { integrity?: string }>;
  };
  if (lock.packages[`node_modules/${name}`]?.integrity === INTEGRITY[name]) return;
  throw installError(`${name}@${TFJS_NODE_VERSION} must match its published hash. The registry gave another one`, {
    hint: 'A proxy or mirror may have altered the package. Nothing of it was kept.',
  });
}
