import type { ProgressStep } from '@kindred/core';

import { formatBytes, formatCount, formatDuration, formatRate, formatUnits } from '../terminal/numbers.js';

import { createRateMeter, type RateMeter } from './rate-meter.js';

/** What a component says when it starts a step. */
export interface StepInfo {
  readonly name: string;
  readonly total?: number;
  readonly unit?: string;
}

/** A step under way. Times are in seconds. */
export interface Step extends StepInfo {
  readonly startedAt: number;
  /** Number of steps that were under way when it started. */
  readonly depth: number;
  readonly meter: RateMeter;
  done: number;
  note: string | undefined;
}

/** What a display hears of the steps. */
export interface StepListener {
  started(step: Step): void;
  advanced(step: Step): void;
  ended(step: Step): void;
}

/** The steps under way, outermost first. */
export interface Steps {
  readonly active: readonly Step[];
  start(info: StepInfo): ProgressStep;
}

/** Keeps count of steps and tells `listener` of every change. A step that was ended hears nothing more. */
export function createSteps(now: () => number, listener: StepListener): Steps {
  const active: Step[] = [];
  return {
    active,
    start(info) {
      const startedAt = now();
      const step: Step = {
        ...info,
        startedAt,
        depth: active.length,
        meter: createRateMeter(startedAt),
        done: 0,
        note: undefined,
      };
      active.push(step);
      listener.started(step);
      return {
        advance(count, note) {
          if (!active.includes(step)) return;
          step.done += count;
          step.meter.record(now(), step.done);
          if (note !== undefined) step.note = note;
          listener.advanced(step);
        },
        end(note) {
          const index = active.indexOf(step);
          if (index === -1) return;
          if (note !== undefined) step.note = note;
          active.splice(index, 1);
          listener.ended(step);
        },
      };
    },
  };
}

/** `120/400 images, 30 %, 12.3/s, 23 s left, loss 0.31`: where a step stands, its note at the end unless left out. */
export function describeStep(step: Step, time: number, withNote = true): string {
  const { done, total, unit = '', note } = step;
  const parts: string[] = [];
  const rate = step.meter.rate(time);
  if (total === undefined) {
    if (done > 0) parts.push(amount(done, unit));
    parts.push(formatDuration(time - step.startedAt));
  } else {
    parts.push(
      `${unit === BYTES ? formatBytes(done) : formatCount(done)}/${amount(total, unit)}`,
      `${percentOf(done, total)} %`,
    );
  }
  if (rate !== undefined) parts.push(rateOf(rate, unit));
  if (rate !== undefined && total !== undefined && done < total)
    parts.push(`${formatDuration((total - done) / rate)} left`);
  if (withNote && note !== undefined) parts.push(note);
  return parts.join(', ');
}

/** `400 images in 33 s, 12.1/s, loss 0.31`: how a step went. */
export function describeEnd(step: Step, time: number): string {
  const { done, unit = '', note } = step;
  const seconds = time - step.startedAt;
  const took = done > 0 ? `${amount(done, unit)} in ${formatDuration(seconds)}` : formatDuration(seconds);
  return [
    took,
    ...(done > 1 && seconds > 1 ? [rateOf(done / seconds, unit)] : []),
    ...(note === undefined ? [] : [note]),
  ].join(', ');
}

function percentOf(done: number, total: number): number {
  return total <= 0 ? 100 : Math.min(100, Math.floor((100 * done) / total));
}

/** Downloads count in this unit. */
const BYTES = 'bytes';

function amount(count: number, unit: string): string {
  return unit === BYTES ? formatBytes(count) : formatUnits(count, unit);
}

function rateOf(perSecond: number, unit: string): string {
  return unit === BYTES ? `${formatBytes(Math.round(perSecond))}/s` : formatRate(perSecond);
}
