import { describe, expect, it } from 'vitest';

import plugin, * as exported from './index.js';

describe('@kindred/engines', () => {
  it('exports its plugin, its engines, what installs them and what compiles functions, and nothing else', () => {
    expect(Object.keys(exported).sort()).toEqual([
      'compile',
      'createOnnxEngine',
      'createTensorflowEngine',
      'default',
      'installTensorflow',
      'listEngines',
      'openOnnxModel',
    ]);
    expect(plugin).toMatchObject({ name: '@kindred/engines', apiVersion: 1 });
    expect(plugin.components.map(({ kind, name, version }) => `${kind} ${name}@${version}`)).toEqual([
      'engine onnx@1',
      'engine tensorflow@1',
      'engine auto@1',
    ]);
  });

  it('has an engine whose options have defaults and limits', () => {
    const [onnx] = plugin.components;
    expect(onnx?.options.parse({})).toEqual({
      workers: 'auto',
      threads: 1,
      device: 'cpu',
      nchwc: 'auto',
      shards: 'auto',
    });
    for (const wrong of [{ workers: 0 }, { workers: 65 }, { workers: 'all' }, { threads: 1.5 }, { device: 'gpu' }]) {
      expect(onnx?.options.safeParse(wrong).success).toBe(false);
    }
  });
});
