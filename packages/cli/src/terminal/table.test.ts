import { expect, it } from 'vitest';

import { formatTable } from './table.js';

it('aligns columns, numbers to the right, without spaces at line ends', () => {
  const lines = formatTable(
    [{ title: 'label' }, { title: 'AP', align: 'right' }, { title: 'by' }],
    [
      ['Drama', '0.900', 'everything'],
      ['Sci-Fi', '12.5', ''],
    ],
  );
  expect(lines).toEqual([
    'label      AP  by', //
    'Drama   0.900  everything',
    'Sci-Fi   12.5',
  ]);
});

it('counts cells, not characters: wide letters, combining marks, emoji, colours', () => {
  const lines = formatTable(
    [{ title: 'name' }, { title: 'n', align: 'right' }],
    [
      ['映画', '1'],
      ['Poe\u0301sie', '2'],
      ['👩‍🚀', '3'],
      ['\u001b[1mbold\u001b[22m', '4'],
    ],
  );
  expect(lines).toEqual(['name    n', '映画    1', 'Poe\u0301sie  2', '👩‍🚀      3', '\u001b[1mbold\u001b[22m    4']);
});

it('leaves the header out where no column has a title, and accepts no rows', () => {
  expect(formatTable([{ title: '' }, { title: '' }], [['a', 'b']])).toEqual(['a  b']);
  expect(formatTable([{ title: '' }, { title: '' }], [])).toEqual([]);
});
