import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** The version of tfjs-node whose files are used: that of tfjs-core, exactly. */
export const TFJS_NODE_VERSION = '4.22.0';

/** The packages that carry libtensorflow; the first one that is there is taken. */
export const TFJS_NODE_PACKAGES = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const;
export type TfjsNodePackage = (typeof TFJS_NODE_PACKAGES)[number];

/** A tfjs-node that lies on this machine. Whether it loads is another question. */
export interface Installation {
  readonly package: TfjsNodePackage;
  readonly version: string;
  /** The package's folder. */
  readonly folder: string;
  /** Where it came from, in words without a machine's paths. */
  readonly origin: string;
}

/** The note that an installation of Kindred's own carries, written last: with it the folder is whole. */
export interface InstallationNote {
  readonly package: TfjsNodePackage;
  readonly version: string;
  readonly origin: string;
}

export const NOTE = 'installation.json';

/** Where `kindred engines install tensorflow` puts it. */
export const managedFolder = (cacheDir: string): string => path.join(cacheDir, 'engines', 'tensorflow');

export interface Places {
  /** Kindred's cache folder. Left out: only packages are looked for. */
  readonly cacheDir?: string | undefined;
  /** A folder whose `node_modules`, and those above it, may have the package: the user's project. */
  readonly baseDir?: string | undefined;
}

/** The installation that is used: Kindred's own, else a package of the project's or beside this one. */
export function findInstallation({ cacheDir, baseDir }: Places): Installation | undefined {
  const managed = cacheDir === undefined ? undefined : readManaged(managedFolder(cacheDir));
  if (managed) return managed;
  const starts = [...(baseDir === undefined ? [] : [path.join(baseDir, 'package.json')]), import.meta.url];
  for (const name of TFJS_NODE_PACKAGES) {
    for (const start of starts) {
      const found = readPackage(name, start);
      if (found) return found;
    }
  }
  return undefined;
}

/** The installation in `folder`, if it is whole. */
export function readManaged(folder: string): Installation | undefined {
  try {
    const note = JSON.parse(readFileSync(path.join(folder, NOTE), 'utf8')) as InstallationNote;
    return { ...note, folder: path.join(folder, 'node_modules', note.package) };
  } catch {
    return undefined;
  }
}

function readPackage(name: TfjsNodePackage, start: string): Installation | undefined {
  try {
    const file = createRequire(start).resolve(`${name}/package.json`);
    const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
    return { package: name, version, folder: path.dirname(file), origin: 'npm' };
  } catch {
    return undefined;
  }
}
