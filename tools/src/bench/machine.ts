import { readFile } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';

/** What a reader must know of the machine a number was measured on. Nothing in it names the machine. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  /** The vector instructions that decide how fast a network runs; empty where the system does not tell. */
  readonly flags: readonly string[];
  readonly memoryGiB: number;
  readonly platform: string;
  readonly node: string;
}

const TELLING_FLAGS = ['avx2', 'fma', 'avx512f', 'avx512_bf16', 'avx512_vnni', 'avx_vnni', 'amx_int8', 'asimd'];

export async function describeMachine(): Promise<Machine> {
  const info = await readFile('/proc/cpuinfo', 'utf8').catch(() => '');
  const flags = new Set(/^(?:flags|Features)\s*:\s*(.*)$/m.exec(info)?.[1]?.split(' '));
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    flags: TELLING_FLAGS.filter((flag) => flags.has(flag)),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
  };
}
