import { afterAll, beforeAll } from 'vitest';

import { kindred, shell, type RunOptions, type RunResult } from './kindred.js';
import { createProject, type Project } from './project.js';

/** A project whose tests share one training run. */
export interface TrainedProject {
  readonly project: Project;
  /** What `kindred train shapes.json` gave. */
  readonly trained: RunResult;
  /** Runs the command in the project's folder, with a cache of its own. */
  readonly run: (args: readonly string[], options?: RunOptions) => Promise<RunResult>;
  readonly inShell: (command: string) => Promise<RunResult>;
}

/** Makes and trains a project before the tests of a file, and removes it after them. */
export function useTrainedProject(): () => TrainedProject {
  let context: TrainedProject | undefined;
  beforeAll(async () => {
    const project = await createProject();
    const env = { KINDRED_CACHE: project.path('cache') };
    const run: TrainedProject['run'] = (args, options = {}) =>
      kindred(args, { cwd: project.dir, ...options, env: { ...env, ...options.env } });
    const inShell = (command: string) => shell(command, { cwd: project.dir, env });
    context = { project, run, inShell, trained: await run(['train', 'shapes.json']) };
  });
  afterAll(() => context?.project.remove());
  return () => {
    if (!context) throw new Error('the project is there once the tests run');
    return context;
  };
}

export const linesOf = (text: string) => text.split('\n').filter((line) => line !== '');
export const jsonLines = (text: string) => linesOf(text).map((line) => JSON.parse(line) as Record<string, unknown>);
