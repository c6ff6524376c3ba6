import { describe, expect, it } from 'vitest';

import { kindredErrorOf } from '../../test/support/catch-error.js';
import { testRegistry } from '../../test/support/components.js';

import { fillManifest } from './fill.js';
import { parseManifest } from './source.js';

/** What a person reads: each mistake without its place, and the hint after an arrow. */
async function mistakesOf(manifest: unknown): Promise<string[]> {
  const text = JSON.stringify(manifest);
  const error = await kindredErrorOf(() => fillManifest(parseManifest(text, 'm.json'), testRegistry));
  expect(error.code).toBe('KINDRED_MANIFEST_INVALID');
  return error.issues.map(({ message, hint }) => {
    expect(message).toMatch(/^m\.json:1:\d+: /);
    return message.replace(/^m\.json:1:\d+: /, '') + (hint === undefined ? '' : ` -> ${hint}`);
  });
}

const good = {
  kindred: 1,
  name: 'shapes',
  data: { use: 'folder', path: 'images' },
  backbone: 'pixels',
  head: 'linear',
};
const csv = (options: object) => ({ ...good, data: { use: 'csv', path: 'a.csv', image: '{Id}.jpg', ...options } });
const head = (options: object) => ({ ...good, head: { use: 'linear', ...options } });
const branches = (branches: unknown) => ({ ...good, head: undefined, branches });

const reference = (kind: string) => `must name ${kind}: "name", "name@2" or { "use": "name", ...its options }`;

describe('the manifest as a whole', () => {
  it.each<[string, unknown, string[]]>([
    ['a list', [1, 2], ['the manifest must be an object {...}. Got [1,2].']],
    ['null', null, ['the manifest must be an object {...}. Got null.']],
    ['a text', 'x', ['the manifest must be an object {...}. Got "x".']],
    [
      'an empty object',
      {},
      [
        '"kindred" must be 1. It is missing.',
        '"name" must be a text in quotes. It is missing.',
        `"data" ${reference('a dataset')}. It is missing.`,
        `"backbone" ${reference('a backbone')}. It is missing.`,
      ],
    ],
    ['another format', { ...good, kindred: 2 }, ['"kindred" must be 1. Got 2.']],
    ['an unknown key', { ...good, hed: 1 }, ['every key must be known. Got "hed". -> Did you mean "head"?']],
    [
      'values of the wrong type and size',
      { ...good, name: 'a b', seed: 1.5, plugins: 'x', training: { epochs: 0, restoreBest: 'no' } },
      [
        '"name" must begin with a letter or digit and hold at most 100 letters, digits, ".", "_" and "-". Got "a b".',
        '"seed" must be a whole number. Got 1.5.',
        '"plugins" must be a list [...]. Got "x".',
        '"training.epochs" must be at least 1. Got 0.',
        '"training.restoreBest" must be true or false. Got "no".',
      ],
    ],
  ])('%s', async (_, manifest, messages) => {
    expect(await mistakesOf(manifest)).toEqual(messages);
  });
});

describe('names of components', () => {
  it.each<[string, unknown, string[]]>([
    [
      'an unknown one near a known one',
      { ...good, head: 'lineer' },
      ['"head": The head must be contributed by a loaded plugin. Got "lineer". -> Did you mean "linear"?'],
    ],
    [
      'capitals',
      { ...good, head: { use: 'Linear' } },
      ['"head.use": The head must be contributed by a loaded plugin. Got "Linear". -> Did you mean "linear"?'],
    ],
    [
      'one whose plugin is not loaded',
      { ...good, backbone: 'resnet50' },
      [
        '"backbone": The backbone must be contributed by a loaded plugin. Got "resnet50". -> @kindred/backbones provides it: add it to "plugins".',
      ],
    ],
    [
      'one of which no plugin has any',
      { ...good, head: { use: 'constructor' } },
      ['"head.use": The head must be contributed by a loaded plugin. Got "constructor". -> Known: linear.'],
    ],
    [
      'a version that is not there',
      { ...good, head: 'linear@3' },
      [
        '"head": The pinned version of the head linear must be available. Got "linear@3". -> Available: linear@2. An older version of test-plugin may have it.',
      ],
    ],
    ['a number', { ...good, head: 5 }, [`"head" ${reference('a head')}. Got 5.`]],
    ['null', { ...good, engine: null }, [`"engine" ${reference('an engine')}. Got null.`]],
    ['no "use"', { ...good, data: { path: 'x' } }, [`"data.use" ${reference('a dataset')}. It is missing.`]],
  ])('%s', async (_, manifest, messages) => {
    expect(await mistakesOf(manifest)).toEqual(messages);
  });
});

describe('options', () => {
  it.each<[string, unknown, string[]]>([
    [
      'an unknown one',
      head({ hiden: [1] }),
      ['every key must be known. Got "head.hiden" of the head linear. -> Did you mean "hidden"?'],
    ],
    [
      'one of each wrong kind',
      head({ rate: 1, activation: 'rellu', bias: 'yes', title: '', hidden: [0, 1.5] }),
      [
        '"head.hidden[0]" of the head linear must be at least 1. Got 0.',
        '"head.hidden[1]" of the head linear must be a whole number. Got 1.5.',
        '"head.rate" of the head linear must be below 1. Got 1.',
        '"head.activation" of the head linear must be one of "relu", "tanh" or "sigmoid". Got "rellu". -> Did you mean "relu"?',
        '"head.bias" of the head linear must be true or false. Got "yes".',
        '"head.title" of the head linear must have at least 1 character. Got "".',
      ],
    ],
    [
      'a long list',
      head({ hidden: [1, 2, 3] }),
      ['"head.hidden" of the head linear must have at most 2 items. Got [1,2,3].'],
    ],
    [
      'one that is missing and one that is wrong, by index',
      { ...good, transforms: ['scale', { use: 'scale', by: 'x' }] },
      [
        '"transforms[0].by" of the transform scale must be a number. It is missing.',
        '"transforms[1].by" of the transform scale must be a number. Got "x".',
      ],
    ],
    [
      'those of a component inside of a component, and both at once',
      head({ activation: 'x', loss: { use: 'squared', weight: 0 } }),
      [
        '"head.activation" of the head linear must be one of "relu", "tanh" or "sigmoid". Got "x".',
        '"head.loss.weight" of the loss squared must be above 0. Got 0.',
      ],
    ],
    [
      'an unknown component inside of a component',
      head({ loss: 'sqared' }),
      ['"head.loss": The loss must be contributed by a loaded plugin. Got "sqared". -> Did you mean "squared"?'],
    ],
    [
      'a nested reference that is none',
      head({ loss: 7 }),
      [`"head.loss" of the head linear ${reference('a loss')}. Got 7.`],
    ],
    [
      'a long value is cut',
      head({ bias: 'x'.repeat(100) }),
      [`"head.bias" of the head linear must be true or false. Got "${'x'.repeat(76)}....`],
    ],
  ])('%s', async (_, manifest, messages) => {
    expect(await mistakesOf(manifest)).toEqual(messages);
  });
});

describe('data', () => {
  it.each<[string, unknown, string[]]>([
    [
      'a name without the options it needs',
      { ...good, data: 'folder' },
      ['"data.path" of the dataset folder must be a text in quotes. It is missing.'],
    ],
    [
      "core's own settings and the dataset's, at once",
      {
        ...good,
        data: { use: 'folder', pth: 'x', split: { validation: 1.5, strategy: 'rand' }, onError: 'ignore' },
      },
      [
        '"data.split.strategy" must be one of "auto", "random", "stratified", "iterative" or "label-disjoint". Got "rand". -> Did you mean "random"?',
        '"data.split.validation" must be a share below 1 or a whole number of images. Got 1.5.',
        '"data.onError" must be "fail" or "skip". Got "ignore".',
        '"data.path" of the dataset folder must be a text in quotes. It is missing.',
        'every key must be known. Got "data.pth" of the dataset folder. -> Did you mean "path"?',
      ],
    ],
    [
      'labels of no form',
      csv({ labels: {} }),
      [
        '"data.labels.columns" of the dataset csv must be given: "one-hot" or a list of names, one column for each label; else a "column" with a "format" of "list" or "python-list". It is missing.',
      ],
    ],
    [
      'labels of an unknown form',
      csv({ labels: { format: 'lst', column: 'x' } }),
      [
        '"data.labels.format" of the dataset csv must be one of "one-hot", "list" or "python-list". Got "lst". -> Did you mean "list"?',
      ],
    ],
    [
      'a key that one of several forms knows',
      csv({ labels: { columns: 'hot', ignor: [] } }),
      [
        '"data.labels.columns" of the dataset csv must be "one-hot" or a list of column names. Got "hot".',
        'every key must be known. Got "data.labels.ignor" of the dataset csv. -> Did you mean "ignore"?',
      ],
    ],
    [
      'a delimiter of two characters',
      csv({ delimiter: ';;' }),
      ['"data.delimiter" of the dataset csv must have exactly 1 character. Got ";;".'],
    ],
  ])('%s', async (_, manifest, messages) => {
    expect(await mistakesOf(manifest)).toEqual(messages);
  });
});

describe('branches', () => {
  const both =
    'a manifest must have a head or a detector, or branches with one each. Got both. -> Give each a branch of its own in "branches".';
  const none =
    'a manifest must have a head or a detector, or branches with one each. Got none. -> Add for example "head": "multi-label".';

  it.each<[string, unknown, string[]]>([
    ['neither head nor detector', { ...good, head: undefined }, [none]],
    ['both at the top level', { ...good, detector: 'distance' }, [both]],
    ['no branch', branches({}), [none]],
    ['a list', branches([{ head: 'linear' }]), ['"branches" must be an object {...}. Got [{"head":"linear"}].']],
    [
      'branches and the parts of a single one',
      { ...good, branches: { a: { head: 'linear' } }, transforms: [{ use: 'scale', by: 1 }] },
      [
        'a manifest must have either "branches" or "head", "transforms" at its top level. Got both. -> Move them into a branch of their own.',
      ],
    ],
    [
      'a name, an empty branch and one with too much, at once',
      branches({ 'My Branch': { head: 'linear' }, b: {}, c: { head: 'linear', detector: 'distance' } }),
      [
        '"branches.My Branch" must begin with a letter and hold lower-case letters, digits and "-" alone. Got "My Branch".',
        '"branches.b" must have either a head or a detector. Got {}.',
        '"branches.c" must have either a head or a detector. Got {"head":"linear","detector":"distance"}.',
      ],
    ],
    [
      'a branch that reads what is not there',
      branches({
        one: { head: 'linear' },
        two: { from: 'ones.logits', detector: 'distance' },
        three: { from: 'two.logits', detector: 'distance' },
        four: { from: 'one.embedding', detector: 'distance' },
      }),
      [
        '"branches.two.from" must name a branch with a head. Got "ones.logits". -> Did you mean "one"?',
        '"branches.three.from" must name a branch with a head. Got "two.logits". -> Known: one.',
        '"branches.four.from": the head linear of the branch \'one\' gives logits. Got "one.embedding". -> Write "one.logits".',
      ],
    ],
    [
      'what is read without a branch, or without what is read of it',
      branches({
        one: { head: 'linear' },
        two: { from: 'one', detector: 'distance' },
        three: { from: '.logits', detector: 'distance' },
      }),
      [
        '"branches.two.from" must be the name of another branch and what is read of it, such as "genres.logits". Got "one".',
        '"branches.three.from" must be the name of another branch and what is read of it, such as "genres.logits". Got ".logits".',
      ],
    ],
    [
      'a branch that reads no head, and one that reads itself',
      branches({
        one: { from: 'two.logits', head: 'linear' },
        two: { from: 'one.logits', head: 'linear' },
        three: { from: 'four.logits', detector: 'distance' },
        four: { detector: 'distance' },
        five: { from: 'ome.logits', detector: 'distance' },
      }),
      [
        '"branches.one.from" must not lead back to its own branch. Got "two.logits". -> Break the circle.',
        '"branches.two.from" must not lead back to its own branch. Got "one.logits". -> Break the circle.',
        '"branches.three.from" must name a branch with a head. Got "four.logits". -> Known: one, two.',
        '"branches.five.from" must name a branch with a head. Got "ome.logits". -> Did you mean "one"?',
      ],
    ],
    [
      'a single branch that reads another',
      { ...good, from: 'main.logits' },
      ['"from" must name another branch. There is but one. -> Put both into "branches".'],
    ],
  ])('%s', async (_, manifest, messages) => {
    expect(await mistakesOf(manifest)).toEqual(messages);
  });
});

it('tells the line and column of each mistake in a manifest of many lines', async () => {
  const text = `{
  // a comment
  "kindred": 1,
  "name": "shapes",
  "data": { "use": "folder", "path": "images" },
  "backbone": "pixels",
  "head": {
    "use": "linear",
    "rate": 2,
    "hiden": [],
    "loss": "sqared"
  }
}`;
  const error = await kindredErrorOf(() => fillManifest(parseManifest(text, 'm.json'), testRegistry));
  expect(error.message).toBe('The manifest m.json has 3 mistakes.');
  expect(error.issues.map(({ code, path, message }) => [code, path, message.split(' ')[0]])).toEqual([
    ['KINDRED_MANIFEST_VALUE', 'head.rate', 'm.json:9:13:'],
    ['KINDRED_MANIFEST_UNKNOWN_KEY', 'head.hiden', 'm.json:10:5:'],
    ['KINDRED_MANIFEST_UNKNOWN_COMPONENT', 'head.loss', 'm.json:11:13:'],
  ]);
});

describe('the precision of a backbone', () => {
  const backbone = (options: object) => ({ ...good, backbone: { use: 'pixels', ...options } });
  it.each<[string, unknown, string[]]>([
    [
      'an unknown one',
      backbone({ precision: 'int4' }),
      ['"backbone.precision" must be "float32" or "int8". Got "int4". -> Did you mean "int8"?'],
    ],
    [
      'settings of int8 beside float32',
      backbone({ maxDrift: 0.1, calibrationImages: 10 }),
      [
        '"backbone.calibrationImages" must stand beside "precision": "int8". Got it beside float32. -> Leave it out.',
        '"backbone.maxDrift" must stand beside "precision": "int8". Got it beside float32. -> Leave it out.',
      ],
    ],
    [
      'settings out of range, and an option of no backbone, at once',
      backbone({ precision: 'int8', calibrationImages: 0, maxDrift: -1, x: 1 }),
      [
        '"backbone.calibrationImages" must be at least 1. Got 0.',
        '"backbone.maxDrift" must be at least 0. Got -1.',
        'every key must be known. Got "backbone.x" of the backbone pixels. -> There are no options here.',
      ],
    ],
    [
      'int8 for a backbone that is trained',
      { ...good, backbone: { use: 'learner', precision: 'int8' } },
      [
        '"backbone.precision" must be float32 for the backbone learner, which is trained: only given weights can be made int8. Got "int8". -> Leave it out, or use a pretrained backbone such as resnet50.',
      ],
    ],
  ])('%s', async (_, manifest, messages) => {
    expect(await mistakesOf(manifest)).toEqual(messages);
  });
});
