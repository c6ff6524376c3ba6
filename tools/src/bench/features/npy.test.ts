import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readNpy, writeNpy } from './npy.js';

// numpy.save of numpy.arange(6, dtype='<f4').reshape(2, 3) / 2, and of numpy.zeros(1, 'f8'), by NumPy 2.4.6.
const FLOAT32 =
  'k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAAAPwAAgD8AAMA/AAAAQAAAIEA=';
const FLOAT64 =
  'k05VTVBZAQB2AHsnZGVzY3InOiAnPGY4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDEsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAAAAA==';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kindred-npy-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('readNpy', () => {
  const save = async (base64: string): Promise<string> => {
    const path = join(folder, 'array.npy');
    await writeFile(path, Buffer.from(base64, 'base64'));
    return path;
  };

  it('reads what NumPy wrote', async () => {
    const { shape, data } = await readNpy(await save(FLOAT32));
    expect(shape).toEqual([2, 3]);
    expect([...data]).toEqual([0, 0.5, 1, 1.5, 2, 2.5]);
  });

  it('refuses float64', async () => {
    await expect(readNpy(await save(FLOAT64))).rejects.toThrow("'<f8'");
  });

  it('refuses another format', async () => {
    await expect(readNpy(await save('AAAA'))).rejects.toThrow('must be an .npy file');
  });
});

describe('writeNpy', () => {
  it('writes what NumPy writes, byte for byte', async () => {
    const path = join(folder, 'written.npy');
    await writeNpy(path, { dtype: 'float32', shape: [2, 3], data: Float32Array.of(0, 0.5, 1, 1.5, 2, 2.5) });
    expect((await readFile(path)).toString('base64')).toBe(FLOAT32);
  });

  it('writes vectors that readNpy reads', async () => {
    const path = join(folder, 'vector.npy');
    const vector = { dtype: 'float32' as const, shape: [3], data: Float32Array.of(1, 2, 3) };
    await writeNpy(path, vector);
    expect(await readNpy(path)).toEqual(vector);
  });
});
