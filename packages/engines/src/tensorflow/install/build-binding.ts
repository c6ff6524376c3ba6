import { mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';

import { BINDING_FILE } from '../host-tfjs.js';

import { gist, runCommand } from './command.js';
import { installError } from './errors.js';
import { LIBRARIES, type Libtensorflow } from './libtensorflow.js';

export interface Build {
  readonly compiler: string;
  /** tfjs-node's folder, with the sources in `binding`. */
  readonly package: string;
  /** Holds `node_api.h`. */
  readonly nodeHeaders: string;
  readonly libtensorflow: Libtensorflow;
  readonly signal: AbortSignal;
}

/** Node's native interface of this version is stable: the binding runs on every Node that Kindred runs on. */
const NAPI_VERSION = 8;

const SOURCES = ['binding/tfjs_backend.cc', 'binding/tfjs_binding.cc'];

/** The names that the linker looks for, for each of `LIBRARIES`. */
const LINK_NAMES = ['libtensorflow.so', 'libtensorflow_framework.so'];

/**
 * The C++ compiler: the one that CXX names, or g++.
 * @throws KINDRED_ENGINE_INSTALL if it is not there
 */
export async function findCompiler(signal: AbortSignal): Promise<string> {
  const compiler = process.env['CXX'] || 'g++';
  try {
    await runCommand(compiler, ['--version'], { cwd: process.cwd(), signal });
    return compiler;
  } catch (error) {
    signal.throwIfAborted();
    throw installError(`a C++ compiler must be there to build the binding. ${compiler} did not start`, {
      hint: 'Install g++ (on Debian and Ubuntu: apt install build-essential), or name another compiler in CXX.',
      cause: error,
    });
  }
}

/**
 * Compiles tfjs-node's C++ sources against a TensorFlow's headers and links them with its libraries.
 * @throws KINDRED_ENGINE_INSTALL if the compiler refuses; the signal's reason on abort
 */
export async function buildBinding(build: Build): Promise<void> {
  const { compiler, package: root, nodeHeaders, libtensorflow, signal } = build;
  const lib = path.join(root, 'deps/lib');
  await mkdir(lib, { recursive: true });
  for (const [i, name] of LIBRARIES.entries()) {
    const target = libtensorflow.inPlace ? path.join(libtensorflow.libraries, name) : name;
    await symlink(target, path.join(lib, LINK_NAMES[i] as string));
  }
  await mkdir(path.dirname(path.join(root, BINDING_FILE)), { recursive: true });
  const runPath = libtensorflow.inPlace ? libtensorflow.libraries : '$ORIGIN/../../deps/lib';
  const args = [
    ...['-std=c++17', '-O2', '-fPIC', '-shared', `-DNAPI_VERSION=${NAPI_VERSION}`],
    ...['binding', nodeHeaders, libtensorflow.include].map((folder) => `-I${folder}`),
    ...SOURCES,
    ...['-o', BINDING_FILE, `-L${lib}`, '-ltensorflow', '-ltensorflow_framework', `-Wl,-rpath,${runPath}`],
  ];
  const result = await runCommand(compiler, args, { cwd: root, signal });
  if (result.ok) return;
  throw installError(`the binding must compile against this TensorFlow. The compiler said: ${gist(result.output)}`, {
    hint: 'Give a TensorFlow of the 2.x line that was made for this processor; 2.21 is known to do.',
    cause: new Error(result.output),
  });
}
