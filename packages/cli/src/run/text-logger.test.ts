import { expect, it } from 'vitest';

import { plainStyle } from '../terminal/style.js';

import { createTextLogger } from './text-logger.js';

it('writes lines for people from its level on', () => {
  const lines: string[] = [];
  const log = createTextLogger('info', plainStyle, (line) => lines.push(line));
  log.debug({}, 'not shown');
  log.info({ path: 'a.jpg', count: 3 }, 'read');
  log.warn({ name: 'two words', shape: [1, 2], error: new Error('no "room"') }, 'line\nbreak');
  log.error({}, 'bad');
  expect(lines).toEqual([
    'info  read path=a.jpg count=3',
    'warn  line\ufffdbreak name="two words" shape=[ 1, 2 ] error="no \\"room\\""',
    'error bad',
  ]);
});

it('says nothing when silent', () => {
  const log = createTextLogger('silent', plainStyle, () => expect.unreachable());
  log.error({}, 'bad');
});
