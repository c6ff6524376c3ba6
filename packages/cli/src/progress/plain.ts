import type { Progress } from '@kindred/core';

import { oneLine } from '../terminal/width.js';

import { createSteps, describeEnd, describeStep, type Step } from './step.js';

const SECONDS_BETWEEN_LINES = 10;

/**
 * Progress for logs and pipes: a line when a step starts, one about every ten seconds, one when it ends. Of steps inside
 * of others only the lines in between are written, so that a thousand short ones do not fill a log.
 */
export function createPlainProgress(write: (line: string) => void, now: () => number, signal: AbortSignal): Progress {
  let lastLine = now();
  const line = (text: string) => {
    lastLine = now();
    write(oneLine(text));
  };
  const steps = createSteps(now, {
    started(step) {
      if (step.depth === 0) line(`${step.name}: started`);
    },
    advanced() {
      if (now() - lastLine < SECONDS_BETWEEN_LINES) return;
      line(steps.active.map((step) => `${step.name}: ${describeStep(step, now())}`).join(' > '));
    },
    ended(step: Step) {
      // A step that an abort cut short was not done.
      if (step.depth === 0 && !signal.aborted) line(`${step.name}: ${describeEnd(step, now())}`);
    },
  });
  return { start: (info) => steps.start(info) };
}
