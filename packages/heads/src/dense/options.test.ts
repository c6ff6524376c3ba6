import { describe, expect, it } from 'vitest';

import { describeLayer, hiddenOption } from './options.js';

describe('hidden layers', () => {
  it.each([
    [[]],
    [[512, 128]],
    [[{ units: 2048, activation: 'elu', dropout: 0.25, name: 'relevant' }]],
    [[64, { units: 32, name: 'lastHidden' }, { units: 16 }, { units: 16 }]],
  ])('may be %j, and stay as they are written', (layers) => {
    expect(hiddenOption.parse(layers)).toEqual(layers);
  });

  it.each([
    ['no units', [{ name: 'a' }]],
    ['a width of 0', [0]],
    ['half a unit', [{ units: 1.5 }]],
    ['an unknown activation', [{ units: 4, activation: 'eluu' }]],
    ['dropout of everything', [{ units: 4, dropout: 1 }]],
    ['a misspelt key', [{ units: 4, nane: 'a' }]],
    ['a name twice', [{ units: 4, name: 'a' }, 8, { units: 4, name: 'a' }]],
    ['a name that is a path', [{ units: 4, name: 'a/b' }]],
    ['the name of an unnamed layer', [{ units: 4, name: 'dense_1' }]],
    ['an empty name', [{ units: 4, name: '' }]],
    ['the name logits', [{ units: 4, name: 'logits' }]],
    ['the name embedding', [{ units: 4, name: 'embedding' }]],
    ['the name output', [{ units: 4, name: 'output' }]],
  ])('must not have %s', (_, layers) => {
    expect(hiddenOption.safeParse(layers).success).toBe(false);
  });

  it('are described alike, whichever way they are written', () => {
    expect(describeLayer(4)).toEqual({ units: 4 });
    expect(describeLayer({ units: 4, name: 'a' })).toEqual({ units: 4, name: 'a' });
  });
});
