import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

const EXTENSION = '.safetensors';
/** What a write that was cut off leaves behind. */
const TEMPORARY = '.new';
const OWN = /\.safetensors(\.[0-9a-f]{8}\.new)?$/;

/** Names of files end somewhere: those of many branches trained together may be longer. */
const LONGEST = 100;

/** The checkpoint of a task in the folder. */
export function checkpointFile(folder: string, task: string): string {
  const name = task.length > LONGEST ? createHash('sha256').update(task).digest('hex').slice(0, 32) : task;
  return path.join(folder, name + EXTENSION);
}

/** The checkpoints in the folder, the last written first; none if there is no such folder. */
export async function checkpointFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((): string[] => []);
  const files = names.filter((name) => name.endsWith(EXTENSION)).map((name) => path.join(folder, name));
  const times = new Map(await Promise.all(files.map(async (file) => [file, (await stat(file)).mtimeMs] as const)));
  return files.sort((a, b) => (times.get(b) ?? 0) - (times.get(a) ?? 0));
}

/**
 * Writes beside the file's place and renames, so that the old content is there or the new, whole. In between comes `ready`, with the path
 * of what was written.
 */
export async function replaceFile(
  file: string,
  bytes: Uint8Array,
  ready: (written: string) => Promise<void>,
): Promise<void> {
  const temporary = `${file}.${randomUUID().slice(0, 8)}${TEMPORARY}`;
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(temporary, bytes);
    await ready(temporary);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Removes the checkpoints in the folder but for the file `except`; what else lies there is left alone. */
export async function removeCheckpoints(folder: string, except?: string): Promise<void> {
  const names = await readdir(folder).catch((): string[] => []);
  const own = names.filter((name) => OWN.test(name)).map((name) => path.join(folder, name));
  for (const file of own) if (file !== except) await rm(file, { force: true });
  // Fails where something is left.
  await rmdir(folder).catch(() => undefined);
}
