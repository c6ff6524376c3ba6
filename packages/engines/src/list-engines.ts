import { createRequire } from 'node:module';

import { DEVICES } from './device/device.js';
import { probeDevice } from './device/probe.js';
import { findInstallation, type Places } from './tensorflow/installation.js';
import { probe } from './tensorflow/probe.js';
import { INSTALL_HINT } from './tensorflow/unavailable.js';

/** An engine as this machine has it. */
export interface EngineListing {
  readonly name: string;
  readonly works: boolean;
  /** Of the native library; absent where it is not there or does not say. */
  readonly version?: string;
  /** The devices that it can compute on. */
  readonly devices: readonly string[];
  /** Where it came from. */
  readonly from?: string;
  /** Why it does not work. */
  readonly reason?: string;
  /** What to do about that. */
  readonly hint?: string;
}

/** Tries every engine and device out, each in a process of its own: nothing native is loaded into this one. */
export function listEngines(places: Places, signal?: AbortSignal): Promise<EngineListing[]> {
  return Promise.all([listOnnx(), listTensorflow(places, signal)]);
}

async function listOnnx(): Promise<EngineListing> {
  const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string };
  const problems = await Promise.all(DEVICES.map(probeDevice));
  const devices = DEVICES.filter((_, i) => problems[i] === undefined);
  const reason = problems[DEVICES.indexOf('cpu')];
  const listing = { name: 'onnx', works: reason === undefined, version, devices, from: 'npm' };
  return reason === undefined ? listing : { ...listing, reason, hint: 'Reinstall it: npm ci, in a clean folder.' };
}

async function listTensorflow(places: Places, signal: AbortSignal | undefined): Promise<EngineListing> {
  const name = 'tensorflow';
  const installation = findInstallation(places);
  if (!installation) return { name, works: false, devices: [], reason: 'not installed', hint: INSTALL_HINT };
  const from = `${installation.package}@${installation.version}, ${installation.origin}`;
  const found = await probe(installation, signal);
  if (!found.ok) return { name, works: false, devices: [], from, reason: found.reason, hint: INSTALL_HINT };
  return { name, works: true, version: found.tensorflow, devices: found.gpu ? ['gpu', 'cpu'] : ['cpu'], from };
}
