import { readFileSync } from 'node:fs';
import os from 'node:os';

import { formatBytes, formatUnits } from '../terminal/numbers.js';

import type { Finding } from './finding.js';

/** Instruction sets that change how fast images go through: vector width, and 8-bit dot products for int8. */
const FLAGS = ['avx2', 'fma', 'avx512f', 'avx_vnni', 'avx512_vnni', 'asimd', 'asimddp', 'i8mm'];

/** Cores, memory, and the instruction sets that matter. Nothing here can be needed: it only makes runs slow. */
export function checkCpu(): Finding {
  const cores = os.availableParallelism();
  const model = os.cpus()[0]?.model.trim() ?? process.arch;
  const memory = formatBytes(Math.min(process.constrainedMemory?.() || Infinity, os.totalmem()));
  const flags = readFlags();
  const detail = [
    `${formatUnits(cores, 'cores')} (${model})`,
    memory,
    ...(flags === undefined ? [] : [flags.join(' ') || 'no vector instructions known to help']),
  ].join(', ');
  const slow = process.arch === 'x64' && flags !== undefined && !flags.includes('avx2');
  return slow
    ? {
        name: 'cpu',
        status: 'warn',
        detail,
        fix: 'Without AVX2 everything is several times slower: use a newer processor.',
      }
    : { name: 'cpu', status: 'ok', detail };
}

/** The known flags this processor has; undefined where the system does not tell. */
function readFlags(): string[] | undefined {
  try {
    const line = /^(?:flags|Features)\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1];
    const have = new Set(line?.trim().split(/\s+/));
    return line === undefined ? undefined : FLAGS.filter((flag) => have.has(flag));
  } catch {
    return undefined;
  }
}
