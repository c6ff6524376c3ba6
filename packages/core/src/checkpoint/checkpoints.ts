import type { FilledManifest } from '../manifest/filled.js';
import type { Engine } from '../plugin/engine-contract.js';
import type { CheckpointStore } from '../training/task.js';

/** What results depend on beside the manifest. */
export interface RunFacts {
  /** Hash over ids, labels and images. */
  readonly data: string;
  /** The backbone's own fingerprint. */
  readonly backbone: string;
}

/** A training run's checkpoints: one store for each of its tasks. */
export interface Checkpoints {
  /** Tells what the run is about, before its first task. */
  about(facts: RunFacts): void;
  /** Where a task is kept; undefined where nothing is. */
  of(task: string, run: { readonly manifest: FilledManifest; readonly engine: Engine }): CheckpointStore | undefined;
}

/** For what need not survive: trials of a search, say. */
export const noCheckpoints: Checkpoints = { about: () => undefined, of: () => undefined };
