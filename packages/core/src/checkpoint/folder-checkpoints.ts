import { readFile } from 'node:fs/promises';

import { coreVersion } from '../bundle/core-version.js';
import type { Logger } from '../context/logger.js';
import { KindredError } from '../errors/kindred-error.js';
import type { CheckpointStore, TrainingCheckpoint } from '../training/task.js';

import type { Checkpoints, RunFacts } from './checkpoints.js';
import { decodeCheckpoint, encodeCheckpoint, type KeptTask } from './codec.js';
import { checkpointFile, checkpointFiles, removeCheckpoints, replaceFile } from './files.js';
import { requireSameRun, type RunIdentity } from './identity.js';

/** What of a training run is safe on disk. */
export interface SavedTraining {
  /** A branch's name, or `a+b` for branches trained together with their backbone. */
  readonly task: string;
  /** Epochs done, of at most `epochs`. */
  readonly epoch: number;
  readonly epochs: number;
}

export interface FolderOptions {
  readonly folder: string;
  /** Go on from what is there. Otherwise it is replaced, once there is something to replace it with. */
  readonly resume: boolean;
  readonly log: Logger;
  /** Told whenever more is safe on disk. */
  onSaved?(this: void, saved: SavedTraining): void;
}

/** Keeps a run's tasks as files of a folder, each replaced as a whole after every epoch. */
export class FolderCheckpoints implements Checkpoints {
  readonly #options: FolderOptions;
  #facts: RunFacts | undefined;
  /** Whether files of an earlier run that this one does not go on from may be there. */
  #stale: boolean;
  #failed = false;

  constructor(options: FolderOptions) {
    this.#options = options;
    this.#stale = !options.resume;
  }

  /**
   * Looks at what is there before hours of work: tells of it, and with `resume` makes sure that it is of this run.
   * @param manifest the filled manifest; undefined where it is not known yet
   * @throws KINDRED_CHECKPOINT_INVALID
   */
  async open(manifest: unknown): Promise<void> {
    const { folder, resume, log, onSaved } = this.#options;
    const files = await checkpointFiles(folder);
    if (!resume) {
      if (files.length === 0) return;
      log.warn({ path: folder }, REPLACES);
      return;
    }
    if (files.length === 0) log.warn({ path: folder }, 'there is no checkpoint: training begins at the beginning');
    for (const [i, file] of files.entries()) {
      const { task, epochs, run, checkpoint } = decodeCheckpoint(await readFile(file), file);
      requireSameRun(file, run, { kindred: coreVersion(), ...(manifest !== undefined && { manifest }) });
      if (i === 0) onSaved?.({ task, epochs, epoch: checkpoint.history.length });
    }
  }

  about(facts: RunFacts): void {
    this.#facts = facts;
  }

  of(task: string, { manifest, engine }: Parameters<Checkpoints['of']>[1]): CheckpointStore {
    if (!this.#facts) throw new RangeError('what the run is about must be told before its first task');
    const run: RunIdentity = {
      kindred: coreVersion(),
      engine: { name: engine.name, ...engine.describe() },
      manifest,
      ...this.#facts,
    };
    const { epochs } = manifest.training;
    return {
      read: () => this.#read(task, run),
      write: (checkpoint) => this.#write({ task, epochs, run, checkpoint }),
    };
  }

  /** After success: nothing is left to go on from. */
  discard(): Promise<void> {
    return removeCheckpoints(this.#options.folder);
  }

  async #read(task: string, run: RunIdentity): Promise<TrainingCheckpoint | undefined> {
    const { folder, resume, log, onSaved } = this.#options;
    if (!resume) return undefined;
    const file = checkpointFile(folder, task);
    const bytes = await readFile(file).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT') return undefined;
      throw new KindredError('KINDRED_CHECKPOINT_INVALID', {
        message: `The checkpoint ${file} must be readable: ${cause.message}`,
        path: file,
        cause,
      });
    });
    if (!bytes) return undefined;
    const { epochs, run: found, checkpoint } = decodeCheckpoint(bytes, file);
    requireSameRun(file, found, run);
    const epoch = checkpoint.history.length;
    log.info({ task, epoch, epochs }, 'going on from a checkpoint');
    onSaved?.({ task, epoch, epochs });
    return checkpoint;
  }

  /** Training is worth more than its checkpoint: where none can be written, it goes on without. */
  async #write(kept: KeptTask): Promise<void> {
    const { folder, log, onSaved } = this.#options;
    const { task, epochs, checkpoint } = kept;
    try {
      await replaceFile(checkpointFile(folder, task), encodeCheckpoint(kept), async (written) => {
        if (this.#stale) await removeCheckpoints(folder, written);
        this.#stale = false;
      });
      onSaved?.({ task, epochs, epoch: checkpoint.history.length });
    } catch (error) {
      if (!this.#failed) log.warn({ path: folder, error }, UNWRITABLE);
      this.#failed = true;
    }
  }
}

const REPLACES =
  'an earlier run left a checkpoint, which --resume would go on from: this run begins anew and replaces it after its first epoch';
const UNWRITABLE = 'the checkpoint cannot be written: training goes on, but could not be resumed from here';
