/** How far back the rate looks: long enough to be steady, short enough to forget a slow start. */
const WINDOW_SECONDS = 20;

/** Units in a second over the recent past. Times are in seconds. */
export interface RateMeter {
  record(time: number, done: number): void;
  /** Undefined until something was done. */
  rate(time: number): number | undefined;
}

/** Starts at `time` with nothing done. */
export function createRateMeter(time: number): RateMeter {
  const marks: { time: number; done: number }[] = [{ time, done: 0 }];
  let done = 0;
  return {
    record(now, count) {
      done = count;
      const last = marks.at(-1);
      // Ten marks a second are plenty; the newest moves until it is old enough.
      if (last && marks.length > 1 && now - last.time < 0.1) last.done = count;
      else marks.push({ time: now, done: count });
      while (marks.length > 2 && now - (marks[1]?.time ?? now) > WINDOW_SECONDS) marks.shift();
    },
    rate(now) {
      const first = marks[0];
      const last = marks.at(-1);
      if (!first || !last || done <= first.done || last.time <= first.time) return undefined;
      // Amid a slow unit the last mark counts, so that the rate does not sag until the next one, unless that is overdue.
      const interval = (last.time - first.time) / (marks.length - 1);
      const until = now - last.time <= interval ? last.time : now;
      return (done - first.done) / (until - first.time);
    },
  };
}
