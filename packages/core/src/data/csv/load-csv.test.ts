import path from 'node:path';

import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { kindredErrorOf } from '../../../test/support/catch-error.js';
import { quietContext } from '../../../test/support/load-context.js';
import { realData } from '../../../test/support/real-data.js';
import { tempFolder } from '../../../test/support/temp-folder.js';

import { csvDataset } from './csv-dataset.js';
import { loadCsv } from './load-csv.js';
import { csvOptions } from './options.js';

const oneHot = { columns: 'one-hot' } as const;

async function load(text: string | Uint8Array, options: Partial<z.input<typeof csvOptions>> = {}) {
  const folder = await tempFolder({ 'data/train.csv': text });
  const parsed = csvOptions.parse({ path: 'data/train.csv', image: 'Images/{Id}.jpg', ...options });
  const { labels, samples } = await loadCsv(parsed, quietContext(folder));
  return {
    labels,
    samples: samples.map((s) => ({ id: s.id, labels: s.labels, at: path.relative(folder, s.location) })),
  };
}

const errorOf = (text: string | Uint8Array, options: Partial<z.input<typeof csvOptions>> = {}) =>
  kindredErrorOf(() => load(text, options));

describe('csv dataset', () => {
  it('is a dataset component', () => {
    expect(csvDataset).toMatchObject({ kind: 'dataset', name: 'csv', version: 1 });
  });

  it('reads one-hot columns in the order of the file', async () => {
    const text = 'Id,Genre,Drama,Action\na,x,1,0\nb,y,1,1\nc,z,0,0\n';
    expect(await load(text, { labels: { columns: 'one-hot', ignore: ['Genre'] } })).toEqual({
      labels: ['Drama', 'Action'],
      samples: [
        { id: 'a', labels: ['Drama'], at: 'data/Images/a.jpg' },
        { id: 'b', labels: ['Drama', 'Action'], at: 'data/Images/b.jpg' },
        { id: 'c', labels: [], at: 'data/Images/c.jpg' },
      ],
    });
  });

  it('reads the label columns that are named, in that order', async () => {
    const { labels, samples } = await load('Id,A,B,C\nx,1,1,1\n', { labels: { columns: ['C', 'A'] } });
    expect([labels, samples[0]?.labels]).toEqual([
      ['C', 'A'],
      ['C', 'A'],
    ]);
  });

  it.each([
    ['1', true],
    ['0', false],
    ['1.0', true],
    ['0.0', false],
    ['True', true],
    ['FALSE', false],
    [' 1 ', true],
  ])('takes the one-hot value %j as %s', async (value, expected) => {
    const { samples } = await load(`Id,A\nx,${value}\n`, { labels: oneHot });
    expect(samples[0]?.labels).toEqual(expected ? ['A'] : []);
  });

  it.each([
    ['list', '|', 'Drama|Comedy'],
    ['list', '; ', '"Drama; Comedy"'],
    ['list', '|', ' Drama | Comedy |'],
    ['python-list', undefined, `"['Drama', 'Comedy']"`],
    ['python-list', undefined, `"[""Drama"", 'Comedy',]"`],
  ] as const)('reads a %s with separator %j: %s', async (format, separator, cell) => {
    const labels = format === 'list' ? { column: 'G', format, separator } : { column: 'G', format };
    expect(
      await load(`Id,G\nx,${cell}\ny,\nz,[]\n`.replace(format === 'list' ? 'z,[]\n' : 'y,\n', ''), { labels }),
    ).toMatchObject({
      labels: ['Comedy', 'Drama'],
      samples: [{ labels: ['Drama', 'Comedy'] }, { labels: [] }],
    });
  });

  it('keeps the order of "known" labels and refuses others by name, with the nearest', async () => {
    const labels = { column: 'G', format: 'list' as const, known: ['Drama', 'Comedy'] };
    expect((await load('Id,G\nx,Comedy\n', { labels })).labels).toEqual(['Drama', 'Comedy']);

    const error = await errorOf('Id,G\nx,Comedy|Dramma\n', { labels });
    expect(error.code).toBe('KINDRED_DATA_LABEL');
    expect(error.message).toContain('"Dramma" for column "G", train.csv line 2');
    expect(error.hint).toBe('Did you mean "Drama"?');
  });

  it('reads images without labels', async () => {
    expect(await load('Id\na\nb\n')).toMatchObject({ labels: [], samples: [{ id: 'a' }, { id: 'b' }] });
  });

  it('reads a byte-order mark, CRLF, blank lines, quoted newlines and other delimiters', async () => {
    const text = '\ufeffId;Title;A\r\n1;"two\r\nlines";1\r\n\r\n2;"say ""no""; never";0\r\n';
    const { samples } = await load(text, { delimiter: ';', labels: { columns: 'one-hot', ignore: ['Title'] } });
    expect(samples.map(({ id, labels }) => [id, labels])).toEqual([
      ['1', ['A']],
      ['2', []],
    ]);
  });

  it('takes the image path as id where the template has several columns, unless "id" names one', async () => {
    const text = 'Class,File,Key\na,1,k1\nb,1,k2\n';
    const image = 'Images/{Class}/{File}.jpg';
    expect((await load(text, { image })).samples.map(({ id }) => id)).toEqual(['Images/a/1.jpg', 'Images/b/1.jpg']);
    expect((await load(text, { image, id: 'Key' })).samples.map(({ id }) => id)).toEqual(['k1', 'k2']);
  });

  it('counts a row that is there twice once, and says so', async () => {
    const folder = await tempFolder({ 't.csv': 'Id,A,B\nx,1,0\ny,1,1\nx,1,0\n' });
    const warnings: string[] = [];
    const quiet = quietContext(folder);
    const ctx = { ...quiet, log: { ...quiet.log, warn: (_: object, message: string) => warnings.push(message) } };
    const options = csvOptions.parse({ path: 't.csv', image: '{Id}.jpg', labels: oneHot });
    expect((await loadCsv(options, ctx)).samples.map(({ id }) => id)).toEqual(['x', 'y']);
    expect(warnings).toEqual(['Rows of t.csv that repeat an earlier row count once: 1']);
  });

  it('does not take id and image columns for labels', async () => {
    expect((await load('Key,Id,A\nk,x,1\n', { id: 'Key', labels: oneHot })).labels).toEqual(['A']);
  });

  describe('mistakes', () => {
    it('tells all wrong columns at once, with the nearest names', async () => {
      const error = await errorOf('Id,Genre,Drama\na,x,1\n', {
        image: 'Images/{id}.jpg',
        labels: { columns: 'one-hot', ignore: ['Genres'] },
      });
      expect(error.code).toBe('KINDRED_DATA_COLUMN');
      expect(error.issues.map(({ message, hint }) => [message, hint])).toEqual([
        ['Every column in "image" must be in train.csv. Got "id".', 'Did you mean "Id"?'],
        ['Every column in "labels.ignore" must be in train.csv. Got "Genres".', 'Did you mean "Genre"?'],
      ]);
    });

    it('sees a wrong delimiter', async () => {
      const error = await errorOf('Id;A\nx;1\n', { labels: oneHot });
      expect(error.issues[0]?.hint ?? error.hint).toContain('set "delimiter"');
    });

    it('tells a column that is not one-hot once, however many rows it has', async () => {
      const error = await errorOf(`Id,Genre,A\n${'abcdefg'.replace(/./g, '$&,x,1\n')}`, { labels: oneHot });
      expect(error.code).toBe('KINDRED_DATA_LABEL');
      expect(error.issues).toEqual([]);
      expect(error.message).toBe('A one-hot column must hold 0 or 1. Got "x" in column "Genre", train.csv line 2.');
      expect(error.hint).toBe('If "Genre" is no label, add it to "labels.ignore".');
    });

    it.each(['', '2', 'yes', '-1', '0.5'])('refuses the one-hot value %j', async (value) => {
      expect((await errorOf(`Id,A\nx,${value}\n`, { labels: oneHot })).code).toBe('KINDRED_DATA_LABEL');
    });

    it('gathers mistakes of rows with their lines', async () => {
      const error = await errorOf('Id,A\na,1\nb,1,1\na,0\n,1\nc\n"d\nd",7\n', { labels: oneHot });
      expect(error.issues.map(({ code, path: place }) => [code, path.basename(place ?? '')])).toEqual([
        ['KINDRED_DATA_CSV', 'train.csv:3'],
        ['KINDRED_DATA_DUPLICATE_ID', 'train.csv:4'],
        ['KINDRED_DATA_CSV', 'train.csv:5'],
        ['KINDRED_DATA_CSV', 'train.csv:6'],
        ['KINDRED_DATA_LABEL', 'train.csv:7'],
      ]);
      expect(error.issues[1]?.message).toContain('"a", which line 2 has with another image or other labels, in line 4');
    });

    it('stops at twenty mistakes', async () => {
      const error = await errorOf(`Id,A\n${'x\n'.repeat(500)}`, { labels: oneHot });
      expect(error.issues).toHaveLength(20);
      expect(error.message).toContain('Got at least 20; the first: Each row');
    });

    it.each([
      ['a header that repeats a name', 'Id,A,A\nx,1,0\n', 'KINDRED_DATA_CSV', '"A" as columns 2 and 3'],
      ['no rows', 'Id,A\n', 'KINDRED_DATA_EMPTY', 'rows after its header'],
      ['nothing at all', '', 'KINDRED_DATA_EMPTY', 'a header and rows'],
      ['a quote that is never closed', 'Id,A\n"x,1\ny,1\n', 'KINDRED_DATA_CSV', 'readable quotes'],
      ['a quote inside of a field', 'Id,A\nx"y,1\n', 'KINDRED_DATA_CSV', 'Line 2'],
      ['nothing but ignored columns', 'Id\nx\n', 'KINDRED_DATA_COLUMN', 'must leave label columns'],
    ])('refuses %s', async (_, text, code, message) => {
      const error = await errorOf(text, { labels: oneHot });
      expect(error.code).toBe(code);
      expect(error.message).toContain(message);
    });

    it('does not take the rest of a large file for one row after an unclosed quote', async () => {
      const error = await errorOf(`Id,A\n"x,1\n${'y,1\n'.repeat(1_000_000)}`, { labels: oneHot });
      expect(error.hint).toContain('never closed');
    });

    it('refuses text that is not UTF-8', async () => {
      const error = await errorOf(Buffer.from('Id,A\ncaf\xe9,1\n', 'latin1'), { labels: oneHot });
      expect(error.message).toContain('must be UTF-8. Line 2');
    });

    it('names the other format where a list does not fit', async () => {
      const python = await errorOf(`Id,G\nx,['Drama']\n`, { labels: { column: 'G', format: 'list' } });
      expect(python.hint).toBe('Write "format": "python-list".');
      const plain = await errorOf('Id,G\nx,Drama|War\n', { labels: { column: 'G', format: 'python-list' } });
      expect(plain.hint).toContain('"format": "list"');
    });

    it('refuses free text as labels before it becomes a huge label matrix', async () => {
      const text = `Id,Title\n${Array.from({ length: 1200 }, (_, i) => `${i},title ${i}\n`).join('')}`;
      const error = await errorOf(text, { labels: { column: 'Title', format: 'list' } });
      expect(error.message).toContain('1200 different labels for 1200 images');
    });

    it('tells what lies near a file that is missing', async () => {
      const folder = await tempFolder({ 'data/train.csv': 'Id\n' });
      const options = csvOptions.parse({ path: 'data/trian.csv', image: '{Id}.jpg' });
      const error = await kindredErrorOf(() => loadCsv(options, quietContext(folder)));
      expect(error.code).toBe('KINDRED_DATA_NOT_FOUND');
      expect(error.hint).toBe(`Did you mean ${path.join(folder, 'data/train.csv')}?`);
    });

    it('tells a folder from a file', async () => {
      const folder = await tempFolder({ 'data/train.csv': 'Id\n' });
      const options = csvOptions.parse({ path: 'data', image: '{Id}.jpg' });
      const error = await kindredErrorOf(() => loadCsv(options, quietContext(folder)));
      expect(error.message).toContain('must be a file');
    });

    it('stops on abort', async () => {
      const folder = await tempFolder({ 't.csv': 'Id\na\n' });
      const options = csvOptions.parse({ path: 't.csv', image: '{Id}.jpg' });
      const error = await kindredErrorOf(() => loadCsv(options, quietContext(folder, AbortSignal.abort())));
      expect(error.code).toBe('KINDRED_ABORTED');
    });
  });

  describe('values that try to leave the folder', () => {
    it.each([
      ['../../secret', 'Images/{Id}.jpg'],
      ['../../../../etc/passwd', 'Images/{Id}'],
      ['/etc/passwd', '{Id}'],
      ['..', '{Id}'],
      ['a\0b', '{Id}.jpg'],
    ])('refuses %j in %s', async (id, image) => {
      const error = await errorOf(`Id\n${id}\n`, { image });
      expect(error.code).toBe('KINDRED_DATA_OUTSIDE');
      expect(error.message).toContain('train.csv line 2');
    });

    it('lets values name folders inside', async () => {
      expect((await load('Id\nx/../a/b\n')).samples[0]?.at).toBe('data/Images/a/b.jpg');
    });

    it('lets the manifest, which is not data, name a folder elsewhere, and holds values to that', async () => {
      expect((await load('Id\na\n', { image: '../other/{Id}.jpg' })).samples[0]?.at).toBe('other/a.jpg');
      expect((await errorOf('Id\n../a\n', { image: '../other/{Id}.jpg' })).code).toBe('KINDRED_DATA_OUTSIDE');
      const absolute = await load('Id\n/data/a.jpg\n', { image: '/{Id}' });
      expect(absolute.samples[0]?.at).toContain('data/a.jpg');
    });
  });

  it('reads a file whose image is missing: only reading the image tells', async () => {
    const folder = await tempFolder({ 't.csv': 'Id\na\n' });
    const { samples } = await loadCsv(csvOptions.parse({ path: 't.csv', image: '{Id}.jpg' }), quietContext(folder));
    const error = await kindredErrorOf(() => samples[0]?.read());
    expect(error.code).toBe('KINDRED_IMAGE_UNREADABLE');
    expect(error.message).toContain('a.jpg failed: there is no such file');
  });

  it.skipIf(realData === undefined)('reads the same posters from one-hot columns and from Python lists', async () => {
    const base = { path: 'posters/train.csv', image: 'Images/{Id}.jpg' };
    const ctx = quietContext(realData ?? '');
    const hot = await loadCsv(
      csvOptions.parse({ ...base, labels: { columns: 'one-hot', ignore: ['Id', 'Genre'] } }),
      ctx,
    );
    const lists = await loadCsv(
      csvOptions.parse({ ...base, labels: { column: 'Genre', format: 'python-list', known: hot.labels } }),
      ctx,
    );
    expect(hot.labels).toHaveLength(25);
    // 2,383 rows; one is there twice.
    expect(hot.samples).toHaveLength(2382);
    const sorted = (samples: typeof hot.samples) => samples.map((s) => [s.id, [...s.labels].sort()]);
    expect(sorted(lists.samples)).toEqual(sorted(hot.samples));
  });
});

describe('csv options', () => {
  const issuesOf = (options: object) =>
    csvOptions.safeParse({ path: 'a.csv', image: '{Id}', ...options }).error?.issues;

  it.each([
    ['Images/a.jpg', 'must name a column in braces'],
    ['Images/{}.jpg', 'between each { and }'],
    ['Images/{Id.jpg', 'between each { and }'],
    ['', 'must name a column in braces'],
  ])('refuses the template %j', (image, message) => {
    expect(issuesOf({ image })?.[0]).toMatchObject({
      path: ['image'],
      message: expect.stringContaining(message) as string,
    });
  });

  it('says what labels need', () => {
    expect(issuesOf({ labels: { column: 'Genre' } })?.[0]?.message).toContain('"column" with a "format"');
    expect(issuesOf({ labels: { columns: 'onehot' } })?.[0]?.message).toContain('must be "one-hot" or a list');
  });

  it('can be written as JSON Schema', () => {
    expect(() => z.toJSONSchema(csvOptions, { io: 'input' })).not.toThrow();
  });
});
