import { findInstallation, type Places } from '../tensorflow/installation.js';
import { probe, type Failed, type Probed } from '../tensorflow/probe.js';

export interface ChosenEngine {
  readonly engine: 'tensorflow' | 'onnx';
  /** Why, for logs and lock files. */
  readonly because: string;
}

/** Tries an installed tensorflow out; undefined where none is installed. */
export type Probe = () => Promise<Probed | Failed | undefined>;

const installed =
  (places: Places): Probe =>
  async () => {
    const installation = findInstallation(places);
    return installation ? probe(installation) : undefined;
  };

/** tensorflow if it loads and sees a GPU, else onnx. It is tried in a process of its own: an engine that is not taken is not loaded. */
export async function chooseEngine(places: Places, tryOut: Probe = installed(places)): Promise<ChosenEngine> {
  const found = await tryOut();
  if (!found) return { engine: 'onnx', because: 'tensorflow is not installed' };
  if (!found.ok) return { engine: 'onnx', because: 'tensorflow does not load' };
  if (!found.gpu) return { engine: 'onnx', because: `tensorflow ${found.tensorflow} sees no GPU` };
  return { engine: 'tensorflow', because: `tensorflow ${found.tensorflow} sees a GPU` };
}
