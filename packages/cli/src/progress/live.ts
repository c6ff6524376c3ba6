import type { Progress } from '@kindred/core';

import { formatCount } from '../terminal/numbers.js';
import type { Terminal } from '../terminal/terminal.js';
import { displayWidth, oneLine, truncate } from '../terminal/width.js';

import { createSteps, describeEnd, describeStep, type Step } from './step.js';

const SECONDS_BETWEEN_FRAMES = 0.08;
const BAR_CELLS = [20, 10];
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/**
 * Progress for people at a terminal: one line that is redrawn, with a bar, count, rate and time left of the innermost
 * step; an outermost step leaves a line behind when it ends.
 */
export function createLiveProgress(terminal: Terminal, now: () => number, signal: AbortSignal): Progress {
  let lastFrame = -Infinity;
  let timer: NodeJS.Timeout | undefined;
  const draw = () => {
    lastFrame = now();
    terminal.redraw(frame(steps.active, now(), terminal.columns - 1));
  };
  const steps = createSteps(now, {
    started() {
      // Time passes for steps that do not advance as well.
      timer ??= setInterval(draw, 1000).unref();
      if (now() - lastFrame >= SECONDS_BETWEEN_FRAMES) draw();
    },
    advanced() {
      if (now() - lastFrame >= SECONDS_BETWEEN_FRAMES) draw();
    },
    ended(step) {
      // A step that an abort cut short was not done.
      if (step.depth === 0 && !signal.aborted) {
        terminal.err(`${terminal.errStyle.green('✓')} ${oneLine(`${step.name}: ${describeEnd(step, now())}`)}`);
      }
      if (steps.active.length > 0) return;
      clearInterval(timer);
      timer = undefined;
      terminal.redraw(undefined);
    },
  });
  return { start: (info) => steps.start(info) };
}

/** The line for `steps`, outermost first, in at most `width` cells; undefined if there is none. */
export function frame(steps: readonly Step[], time: number, width: number): string | undefined {
  const step = steps.at(-1);
  if (!step) return undefined;
  const outer = steps.slice(0, -1).map(({ name, done, total }) => {
    return total === undefined ? name : `${name} ${formatCount(done)}/${formatCount(total)}`;
  });
  const name = oneLine([...outer, step.name].join(' › '));
  const text = oneLine(describeStep(step, time));
  const short = oneLine(describeStep(step, time, false));
  const { done, total } = step;
  const bars = total === undefined ? [] : BAR_CELLS.map((cells) => bar(done / total, cells));
  // A narrow terminal takes the bar's length first, then the note, then the bar.
  const lines = [
    ...bars.map((drawn) => [name, drawn, text]),
    ...bars.map((drawn) => [name, drawn, short]),
    [name, text],
  ];
  const fitting = lines.map((parts) => parts.join('  ')).find((line) => displayWidth(line) <= width);
  return fitting ?? truncate(`${name}  ${short}`, width);
}

/** A bar of `cells` cells, drawn in eighths of a cell. */
function bar(share: number, cells: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share || 0)) * cells * 8);
  const filled = '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '');
  return `▕${filled.padEnd(cells)}▏`;
}
