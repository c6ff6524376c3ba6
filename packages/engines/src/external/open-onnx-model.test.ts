import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { float32, uint8, type NdArrays } from '@kindred/core';
import { afterEach, beforeAll, afterAll, describe, expect, it } from 'vitest';

import { bytesOf } from '../onnx/types.js';

import { attribute, cat, float, graph, model, node, tensor, text, valueInfo } from '../../test/onnx-file-builder.js';
import { openOnnxModel, type OnnxModel, type OnnxModelOptions } from './open-onnx-model.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'kindred-onnx-'));
});
afterAll(() => rm(folder, { recursive: true }));

const open: OnnxModel[] = [];
async function opened(source: string | Uint8Array, options?: OnnxModelOptions): Promise<OnnxModel> {
  const result = await openOnnxModel(source, options);
  open.push(result);
  return result;
}
afterEach(() => Promise.all(open.splice(0).map((each) => each.dispose())));

/** y = x w + b for x float32 [N, 3], with w in the file or beside it. */
const w = Float32Array.of(1, 2, 3, 4, 5, 6);
const linear = (weights: Uint8Array, nodes = [node('MatMul', ['x', 'w'], ['xw']), node('Add', ['xw', 'b'], ['y'])]) =>
  model(
    graph({
      nodes,
      initializers: [weights, tensor('b', 1, [2], bytesOf(Float32Array.of(10, 20)))],
      inputs: [valueInfo('x', 1, ['N', 3])],
      outputs: [valueInfo('y', 1, ['N', 2])],
    }),
  );
const inFile = tensor('w', 1, [3, 2], bytesOf(w));
const beside = (entries: Readonly<Record<string, string>>) => tensor('w', 1, [3, 2], undefined, entries);
const x = float32([2, 3], [1, 0, 0, 0, 1, 1]);
const y = float32([2, 2], [11, 22, 18, 30]);

/** y = x, by a graph of these nodes. */
const graphOf = (nodes: readonly Uint8Array[], more: Partial<Parameters<typeof graph>[0]> = {}) =>
  graph({ nodes, inputs: [valueInfo('x', 1, [1])], outputs: [valueInfo('y', 1, [1])], ...more });
const modelOf = (...nodes: readonly Uint8Array[]) => model(graphOf(nodes));
const identity = node('Identity', ['x'], ['y']);

/** Runs its body, which adds 1, for as long as its condition holds: for ever. */
const endless = () => {
  const body = graph({
    nodes: [node('Identity', ['c'], ['c_out']), node('Add', ['v', 'one'], ['v_out'])],
    inputs: [valueInfo('i', 7, []), valueInfo('c', 9, []), valueInfo('v', 1, [1])],
    outputs: [valueInfo('c_out', 9, []), valueInfo('v_out', 1, [1])],
  });
  return model(
    graphOf([node('Loop', ['', 'true', 'x'], ['y'], attribute('body', { graph: body }))], {
      initializers: [tensor('true', 9, [], Uint8Array.of(1)), tensor('one', 1, [1], bytesOf(Float32Array.of(1)))],
    }),
  );
};

describe('a model from elsewhere', () => {
  it('is opened from bytes, says what it takes and gives, and runs for any size of its named dimensions', async () => {
    const linearModel = await opened(linear(inFile));
    expect(linearModel.inputs).toEqual([{ name: 'x', dtype: 'float32', shape: ['N', 3] }]);
    expect(linearModel.outputs).toEqual([{ name: 'y', dtype: 'float32', shape: ['N', 2] }]);
    expect(linearModel.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(await linearModel.run({ x })).toEqual({ y });
    expect(await linearModel.run({ x: float32([1, 3]) })).toEqual({ y: float32([1, 2], [10, 20]) });
  });

  it('is opened from a file, with tensors in another one beside it', async () => {
    const data = new Uint8Array(4 + w.byteLength);
    data.set(bytesOf(w), 4);
    await mkdir(path.join(folder, 'weights'));
    await writeFile(path.join(folder, 'weights/w.bin'), data);
    const file = path.join(folder, 'beside.onnx');
    await writeFile(file, linear(beside({ location: 'weights/w.bin', offset: '4', length: '24' })));
    const linearModel = await opened(file, { workers: 2 });
    expect(await Promise.all([linearModel.run({ x }), linearModel.run({ x })])).toEqual([{ y }, { y }]);
  });

  it('is tried once, if it is to be remembered, and again when it or the shapes change', async () => {
    const rememberIn = path.join(folder, 'trials');
    const trial = { rememberIn };
    await opened(linear(inFile), { trial });
    // No trial could pass in no time.
    await opened(linear(inFile), { trial: { rememberIn, timeoutMs: 0 } });
    expect(await readdir(rememberIn)).toHaveLength(1);
    await opened(linear(inFile), { trial, sizes: { N: 4 } });
    expect(await readdir(rememberIn)).toHaveLength(2);
  });

  it('refuses inputs that are not its own', async () => {
    const linearModel = await opened(linear(inFile));
    const others: NdArrays[] = [{}, { x: float32([2, 4]) }, { x: float32([3]) }, { x: uint8([2, 3]) }, { x, z: x }];
    for (const wrong of others) {
      await expect(linearModel.run(wrong)).rejects.toMatchObject({ code: 'KINDRED_ENGINE_INPUT' });
    }
  });

  it('leaves out outputs that no array can hold', async () => {
    const shapes = await opened(
      model(
        graphOf([identity, node('Shape', ['x'], ['s'])], {
          outputs: [valueInfo('s', 7, [1]), valueInfo('y', 1, [1])],
        }),
      ),
    );
    expect(await shapes.run({ x: float32([1], [3]) })).toEqual({ y: float32([1], [3]) });
  });
});

describe('files that are refused without being run', () => {
  const wide = Array.from({ length: 17 }, () => 1);
  const nested = (depth: number): Uint8Array =>
    depth === 0
      ? graphOf([identity])
      : graphOf([node('Identity', ['x'], ['y'], attribute('body', { graph: nested(depth - 1) }))]);
  const noise = (seed: number) => Uint8Array.from({ length: 500 }, (_, i) => (seed * (i + 7) * (i + 13)) % 251);
  const whole = linear(inFile);
  const refused: readonly [string, Uint8Array, string][] = [
    ['an empty one', new Uint8Array(), 'be of the format'],
    ['text', Buffer.from('<!DOCTYPE html><html>'), 'be a whole file in the ONNX format'],
    ['noise', noise(3), 'be a whole file in the ONNX format'],
    ['one that is cut off in the middle', whole.subarray(0, whole.length / 2), 'be a whole file in the ONNX format'],
    ['one that is cut off before its last byte', whole.subarray(0, -1), 'be a whole file in the ONNX format'],
    [
      'a length that overflows',
      Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f),
      'be a whole file in the ONNX format',
    ],
    ['two graphs', cat(whole, text(7, graphOf([identity]))), 'hold one graph'],
    ['no graph', model(undefined), 'hold a graph'],
    ['an old opset', model(graphOf([identity]), { opsets: [['', 5]] }), 'in a version from 7'],
    ['an opset that is not there yet', model(graphOf([identity]), { opsets: [['', 99]] }), 'in a version from 7'],
    ['two opsets of one domain', model(graphOf([identity]), { opsets: [['', 21], ['ai.onnx', 9]] }), 'once'], // prettier-ignore
    ['a format of the future', model(graphOf([identity]), { irVersion: 99 }), "be of the format's versions"],
    ['functions of its own', cat(whole, text(25, text(1, 'f'))), 'use operators alone'],
    ['an unknown operator', modelOf(node('Evil', ['x'], ['y'])), 'use known operators'],
    ['a custom domain', modelOf(node('Identity', ['x'], ['y'], cat(), 'evil.corp')), 'use known operators'],
    [
      'a node of the optimizer itself',
      model(graphOf([node('Conv', ['x', 'x'], ['y'], cat(), 'com.microsoft.nchwc')]), {
        opsets: [['', 21], ['com.microsoft.nchwc', 1]], // prettier-ignore
      }),
      'use known operators',
    ],
    ['a domain that it does not import', modelOf(node('Gelu', ['x'], ['y'], cat(), 'com.microsoft')), 'import'],
    ['an input that nothing makes', modelOf(node('Identity', ['z'], ['y'])), 'make every value before it is used'],
    ['a circle', modelOf(node('Add', ['x', 'b'], ['a']), node('Neg', ['a'], ['b']), identity), 'before it is used'],
    ['a value made twice', modelOf(identity, node('Neg', ['x'], ['y'])), 'make each value once'],
    ['an output that nothing makes', modelOf(node('Neg', ['x'], ['z'])), 'make every output'],
    ['no outputs', model(graphOf([identity], { outputs: [] })), 'give outputs'],
    ['graphs in graphs in graphs', model(nested(20)), 'nest graphs at most 8 deep'],
    ['graphs 50,000 deep', model(deep(50_000)), 'nest graphs at most 8 deep'],
    ['fewer bytes than a shape needs', linear(tensor('w', 1, [3, 2], new Uint8Array(23))), 'as many bytes'],
    ['more bytes than a shape needs', linear(tensor('w', 1, [3, 2], new Uint8Array(25))), 'as many bytes'],
    ['a tensor without values', linear(tensor('w', 1, [3, 2], undefined)), 'as many values'],
    ['fewer numbers than a shape needs', linear(cat(tensor('w', 1, [3, 2], undefined), float(4, 1))), 'as many values'],
    ['a negative dimension', linear(tensor('w', 1, [-3, -2], bytesOf(w))), 'dimensions from 0'],
    ['a dimension of 2^40', linear(tensor('w', 1, [2 ** 40, 2], bytesOf(w))), 'dimensions from 0'],
    ['a shape whose product overflows', linear(tensor('w', 1, [65536, 65536, 65536, 65536], bytesOf(w))), 'tensors of at most'], // prettier-ignore
    ['17 dimensions', linear(tensor('w', 1, wide, bytesOf(w))), 'have at most 16 dimensions'],
    ['an unknown type', linear(tensor('w', 77, [3, 2], bytesOf(w))), 'known number types'],
    ['strings', linear(tensor('w', 8, [0], undefined)), 'known number types'],
    ['an input of text', model(graphOf([identity], { inputs: [valueInfo('x', 8, [1])] })), 'take tensors of'],
    [
      'an input of any shape',
      model(graphOf([identity], { inputs: [valueInfo('x', 1, undefined)] })),
      'take tensors of',
    ],
    ['a sparse tensor', model(cat(graphOf([identity]), text(15, ''))), 'hold dense tensors'],
    ['tensors in other files, as bytes', linear(beside({ location: 'w.bin' })), 'hold its tensors itself'],
  ];
  it.each(refused)('%s', async (_, bytes, must) => {
    const error = await openOnnxModel(bytes, { trial: { timeoutMs: 0 } }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'KINDRED_ENGINE_MODEL',
      message: expect.stringMatching(/^An ONNX model must .+ the given bytes: .+\.$/) as string,
    });
    expect((error as Error).message).toContain(must);
  });

  it('any that is cut off, wherever that is', async () => {
    for (let length = 1; length < whole.length; length += 7) {
      const bytes = whole.subarray(0, length);
      await expect(openOnnxModel(bytes, { trial: { timeoutMs: 0 } })).rejects.toMatchObject({ code: 'KINDRED_ENGINE_MODEL' }); // prettier-ignore
    }
  });

  it.each([
    ['../../../etc/passwd', {}],
    ['/etc/passwd', {}],
    ['..', {}],
    ['.', {}],
    ['', {}],
    ['a/../../b', {}],
    ['C:\\Windows\\win.ini', {}],
    ['..\\w.bin', {}],
    ['link.bin', {}],
    ['linked/passwd', {}],
    ['folder', {}],
    ['gone.bin', {}],
    ['w.bin', { offset: '-1' }],
    ['w.bin', { offset: '8' }],
    ['w.bin', { offset: '99999999999999999999' }],
    ['w.bin', { length: '8' }],
    ['w.bin', { offset: '0x0' }],
    ['w.bin', { basepath: '/etc' }],
  ])('tensors in %j %o', async (location, more) => {
    const own = await mkdtemp(path.join(folder, 'data-'));
    await writeFile(path.join(own, 'w.bin'), bytesOf(w));
    await symlink('/etc/passwd', path.join(own, 'link.bin'));
    await symlink('/etc', path.join(own, 'linked'));
    await mkdir(path.join(own, 'folder'));
    await writeFile(path.join(own, 'model.onnx'), linear(beside({ location, ...more })));
    await expect(openOnnxModel(path.join(own, 'model.onnx'), { trial: { timeoutMs: 0 } })).rejects.toMatchObject({
      code: 'KINDRED_ENGINE_MODEL',
    });
  });

  it('paths of nothing, of a folder, of a device', async () => {
    for (const file of [path.join(folder, 'gone.onnx'), folder, '/dev/zero']) {
      await expect(openOnnxModel(file)).rejects.toMatchObject({ code: 'KINDRED_ENGINE_MODEL', path: file });
    }
  });
});

describe('models that fail in their trial, which is another process', () => {
  it('one that onnxruntime does not take', async () => {
    await expect(openOnnxModel(modelOf(node('Conv', ['x'], ['y'])))).rejects.toMatchObject({
      code: 'KINDRED_ENGINE_MODEL',
      message: expect.stringContaining('must be accepted by onnxruntime') as string,
    });
  });

  it('one that does not run', async () => {
    const reshape = model(
      graphOf([node('Reshape', ['x', 'shape'], ['y'])], {
        initializers: [tensor('five', 7, [1], bytesOf(BigInt64Array.of(5n)))],
        inputs: [valueInfo('x', 1, [1]), valueInfo('k', 6, [1])],
        nodes: [node('Cast', ['k'], ['shape0'], attribute('to', { int: 7 })), node('Add', ['shape0', 'five'], ['shape']), node('Reshape', ['x', 'shape'], ['y'])], // prettier-ignore
        outputs: [valueInfo('y', 1, ['n'])],
      }),
    );
    await expect(openOnnxModel(reshape)).rejects.toMatchObject({
      message: expect.stringContaining('must run on zeros') as string,
    });
  });

  it.skipIf(process.arch !== 'x64')('one whose division ends the process', async () => {
    // The quotient of these two is no int32: the processor raises an exception, which nothing catches.
    const division = model(
      graphOf(
        [
          node('Div', ['least', 'minus'], ['q']),
          node('Cast', ['q'], ['f'], attribute('to', { int: 1 })),
          node('Add', ['x', 'f'], ['y']),
        ],
        {
          // prettier-ignore
          initializers: [
          tensor('least', 6, [1], bytesOf(Int32Array.of(-(2 ** 31)))),
          tensor('minus', 6, [1], bytesOf(Int32Array.of(-1))),
        ],
        },
      ),
    );
    await expect(openOnnxModel(division)).rejects.toMatchObject({
      code: 'KINDRED_ENGINE_MODEL',
      message: expect.stringContaining('it ended the process with SIGFPE') as string,
    });
  });

  it('one that never ends', async () => {
    await expect(openOnnxModel(endless(), { trial: { timeoutMs: 1500 } })).rejects.toMatchObject({
      message: expect.stringContaining('it did not within 1500 ms') as string,
    });
  });

  it('one that never ends, when its caller does not wait', async () => {
    const signal = AbortSignal.timeout(500);
    await expect(openOnnxModel(endless(), { signal })).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it.skipIf(process.platform !== 'linux')('one that wants all memory', async () => {
    const greedy = model(
      graphOf(
        [node('Expand', ['x', 'shape'], ['big']), node('ReduceSum', ['big'], ['y'], attribute('keepdims', { int: 0 }))],
        {
          // prettier-ignore
          initializers: [tensor('shape', 7, [1], bytesOf(BigInt64Array.of(400_000_000n)))],
          outputs: [valueInfo('y', 1, [])],
        },
      ),
    );
    await expect(openOnnxModel(greedy, { trial: { memoryBytes: 300e6 } })).rejects.toMatchObject({
      message: expect.stringContaining('of memory; the limit is 300000000') as string,
    });
  });
});

/** Graphs inside of graphs, written from the inside outwards. */
function deep(levels: number): Uint8Array {
  // Lengths alone: each level is a graph with a node with an attribute with a graph.
  const heads: Uint8Array[] = [];
  let size = 0;
  for (let i = 0; i < levels; i++) {
    const attributeHead = head(6, size);
    const nodeHead = head(5, size + attributeHead.length);
    const graphHead = head(1, size + attributeHead.length + nodeHead.length);
    heads.push(cat(graphHead, nodeHead, attributeHead));
    size += attributeHead.length + nodeHead.length + graphHead.length;
  }
  return cat(...heads.reverse());
}
const head = (field: number, size: number) => {
  const bytes = [(field << 3) | 2];
  for (let rest = size; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.from([...bytes, rest]);
    bytes.push((rest % 128) | 128);
  }
};
