import { readFile } from 'node:fs/promises';

import { describe, expect, it } from 'vitest';

import { linesOf, useTrainedProject } from './support/trained-project.js';

const context = useTrainedProject();

describe('Ctrl-C', () => {
  const stopped = (signals: readonly NodeJS.Signals[], waitFor: RegExp, args: readonly string[], env = {}) =>
    context().run(args, {
      env,
      during: (child) => {
        let seen = '';
        child.stderr?.on('data', (text: string) => {
          seen += text;
          if (!waitFor.test(seen)) return;
          waitFor = /(?!)/;
          for (const signal of signals) child.kill(signal);
        });
      },
    });

  it('stops a training run with one line and 130, and leaves nothing behind', async () => {
    await context().project.write(
      'long.json',
      (await readFile(context().project.path('shapes.json'), 'utf8')).replace('"epochs": 2', '"epochs": 5000'),
    );
    const before = await context().project.list();
    const { exit, stdout, stderr } = await stopped(['SIGINT'], /started/, ['train', 'long.json', '--out', 'long']);
    expect({ exit, stdout }).toEqual({ exit: 130, stdout: '' });
    expect(linesOf(stderr).at(-1)).toBe('Stopped. Nothing of this run is saved: no epoch of training had ended.');
    expect(stderr).not.toMatch(/error|^\s+at /m);
    expect(await context().project.list()).toEqual(before);
  });

  it('SIGTERM does the same with 143', async () => {
    const { exit } = await stopped(['SIGTERM'], /started/, ['train', 'long.json', '--out', 'long']);
    expect(exit).toBe(143);
  });

  it('stops waiting for paths from standard input', async () => {
    const { exit, stderr } = await stopped(['SIGINT'], /started/, ['predict', 'runs/shapes', '-']);
    expect(exit).toBe(130);
    expect(linesOf(stderr).at(-1)).toBe('Stopped.');
  });

  it('ends the process inside of a native call that goes on for minutes', async () => {
    await context().project.write(
      'endless.js',
      `import { z } from 'zod';
       import { add, fill, matMul, mean, tanh } from '@tensorflow/tfjs-core';
       const network = { init: () => ({}), forward(weights, x) {
         let y = add(fill([2000, 2000], 0.5), mean(x));
         for (let i = 0; i < 1000; i++) y = tanh(matMul(y, y));
         return mean(x, [1, 2]).add(mean(y));
       } };
       const input = { width: 8, height: 8, channels: 3, resize: 'stretch' };
       const model = { input, features: 3, trainable: false, fingerprint: 'endless', network };
       export default { name: 'endless', apiVersion: 1, components: [{
         kind: 'backbone', name: 'endless', version: 1, summary: 'Multiplies.', options: z.strictObject({}), create: async () => model,
       }] };`,
    );
    const manifest = JSON.parse(await readFile(context().project.path('shapes.json'), 'utf8')) as { plugins: string[] };
    await context().project.write(
      'endless.json',
      JSON.stringify({ ...manifest, plugins: [...manifest.plugins, './endless.js'], backbone: 'endless' }),
    );
    const { exit, stderr } = await context().run(['train', 'endless.json', '--out', 'endless'], {
      during: (child) =>
        child.stderr?.on('data', (text: string) => {
          // Long enough for the graph to be loaded, and far too short for it to be computed.
          if (text.includes('computing features: started')) setTimeout(() => child.kill('SIGINT'), 2000);
        }),
    });
    // It died of the signal, which shells tell as 130: no exit handler waits for native code.
    expect(exit).toBe('SIGINT');
    expect(linesOf(stderr).at(-1)).toBe('Stopped. Nothing of this run is saved: no epoch of training had ended.');
  });

  it('twice kills at once, whatever a plugin does with the first', async () => {
    await context().project.write(
      'deaf.js',
      `import { z } from 'zod';
       export default { name: 'deaf', apiVersion: 1, components: [{
         kind: 'backbone', name: 'deaf', version: 1, summary: 'Never ends.', options: z.strictObject({}),
         create: () => { process.stderr.write('deaf\\n'); return new Promise(() => setInterval(() => {}, 1000)); },
       }] };`,
    );
    const manifest = JSON.parse(await readFile(context().project.path('shapes.json'), 'utf8')) as { plugins: string[] };
    await context().project.write(
      'deaf.json',
      JSON.stringify({ ...manifest, plugins: [...manifest.plugins, './deaf.js'], backbone: 'deaf' }),
    );
    const { exit } = await context().run(['train', 'deaf.json', '--out', 'deaf'], {
      during: (child) => {
        child.stderr
          ?.once('data', () => undefined)
          .on('data', (text: string) => {
            if (!text.includes('deaf\n')) return;
            child.kill('SIGINT');
            setTimeout(() => child.kill('SIGINT'), 300);
          });
      },
    });
    expect(exit).toBe('SIGINT');
  });
});
