import { PassThrough } from 'node:stream';

import { describe, expect, it } from 'vitest';

import { BrokenPipe, createTerminal } from './terminal.js';

/** A stream that keeps what was written, and says it is a terminal or not. */
function stream(isTTY: boolean) {
  const through = new PassThrough();
  let text = '';
  through.on('data', (chunk: Buffer) => (text += chunk.toString()));
  // What createTerminal uses of a terminal's stream, and no more.
  return { stream: Object.assign(through, { isTTY, columns: 40 }) as unknown as NodeJS.WriteStream, text: () => text };
}

const ERASE = '\r\u001b[2K';

describe('the redrawn line', () => {
  it('makes way for lines on standard error and comes back below them', () => {
    const stderr = stream(true);
    const terminal = createTerminal(stream(false).stream, stderr.stream);
    terminal.redraw('50 %');
    terminal.redraw('50 %');
    terminal.err('a warning');
    terminal.redraw('60 %');
    terminal.redraw(undefined);
    terminal.redraw(undefined);
    expect(stderr.text()).toBe(`50 %${ERASE}a warning\n50 %${ERASE}60 %${ERASE}`);
  });

  it('makes way for results that go to the same terminal, not for those that go to a file', async () => {
    for (const [isTTY, expected] of [
      [true, `50 %${ERASE}50 %`],
      [false, '50 %'],
    ] as const) {
      const [stdout, stderr] = [stream(isTTY), stream(true)];
      const terminal = createTerminal(stdout.stream, stderr.stream);
      terminal.redraw('50 %');
      await terminal.out('a result');
      expect([stdout.text(), stderr.text()]).toEqual(['a result\n', expected]);
    }
  });
});

it('a reader that is gone is told once, and ends every later write', async () => {
  const told: Error[] = [];
  const stdout = stream(false);
  const terminal = createTerminal(stdout.stream, stream(false).stream, (reason) => told.push(reason));
  stdout.stream.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
  stdout.stream.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
  await expect(terminal.out('more')).rejects.toBeInstanceOf(BrokenPipe);
  expect(told).toEqual([expect.any(BrokenPipe)]);
});
