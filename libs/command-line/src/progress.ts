import { Presets, SingleBar } from 'cli-progress';

export interface ProgressOptions {
  /** What it is about, in one or two words. */
  readonly title: string;
  /** What is counted, in the plural. */
  readonly unit: string;
  readonly total: number;
  /** Done before this job began: left out of the rate. Default 0. */
  readonly from?: number;
}

/** How far a long job has come, on stderr. */
export interface Progress {
  /** So many are done by now. */
  readonly update: (done: number) => void;
  /** Ends the display; to be called whatever happens. */
  readonly stop: () => void;
}

/** What a display needs of the world. */
export interface ProgressScreen {
  readonly stream: NodeJS.WritableStream & { readonly isTTY?: boolean };
  /** Monotonic time in ms. */
  readonly now: () => number;
}

const LINE_EVERY_MS = 5_000;
const SHOWN_AFTER_MS = 2_000;
const onStderr: ProgressScreen = { stream: process.stderr, now: () => performance.now() };

/** A bar with rate and time left on a terminal, a plain line now and then elsewhere; nothing before the first update. */
export function openProgress(options: ProgressOptions, screen: ProgressScreen = onStderr): Progress {
  return screen.stream.isTTY === true ? bar(options, screen) : plainLines(options, screen);
}

/** A display that appears only when the job takes longer than two seconds. */
export function openLateProgress(options: ProgressOptions, screen: ProgressScreen = onStderr): Progress {
  const started = screen.now();
  let shown: Progress | null = null;
  return {
    update: (done) => {
      if (shown === null && screen.now() - started < SHOWN_AFTER_MS) return;
      shown ??= openProgress(options, { ...screen, now: beginningAt(started, screen) });
      shown.update(done);
    },
    stop: () => {
      shown?.stop();
      shown = null;
    },
  };
}

/** Its first reading is `started`: the display takes that for the job's beginning, so what was done before it appeared counts in the rate. */
function beginningAt(started: number, { now }: ProgressScreen): () => number {
  let first = true;
  return () => {
    if (!first) return now();
    first = false;
    return started;
  };
}

function bar({ title, unit, total, from = 0 }: ProgressOptions, { stream, now }: ProgressScreen): Progress {
  const started = now();
  const format = `${title} {bar} {percentage}% | {value}/{total} ${unit} | {rate}/s | {left}`;
  // Signals belong to the program. The terminal is left as it is: nobody would repair it after a hard end.
  const display = new SingleBar(
    { format, stream, barsize: 20, gracefulExit: false, linewrap: true },
    Presets.shades_classic,
  );
  return {
    update: (done) => {
      if (!display.isActive) display.start(total, from, { rate: 0, left: '' });
      display.update(done, paceOf({ from, done, total, ms: now() - started }));
    },
    stop: () => {
      display.stop();
    },
  };
}

function plainLines({ title, unit, total, from = 0 }: ProgressOptions, { stream, now }: ProgressScreen): Progress {
  const started = now();
  let said = { at: started, done: from };
  let last = from;
  const say = (): void => {
    const { rate, left } = paceOf({ from, done: last, total, ms: now() - started });
    stream.write(`${title}: ${last} of ${total} ${unit}, ${rate}/s${left === '' ? '' : `, ${left}`}\n`);
    said = { at: now(), done: last };
  };
  return {
    update: (done) => {
      last = done;
      if (now() - said.at >= LINE_EVERY_MS) say();
    },
    stop: () => {
      if (said.done !== last) say();
    },
  };
}

interface Pace {
  readonly rate: number;
  readonly left: string;
}

function paceOf({ from, done, total, ms }: { from: number; done: number; total: number; ms: number }): Pace {
  const perMs = ms > 0 ? (done - from) / ms : 0;
  const rate = Math.round(perMs * 1000);
  return { rate, left: perMs > 0 && done < total ? `${duration((total - done) / perMs)} left` : '' };
}

/** Minutes and seconds; the seconds rounded up, since nothing is ready in 0 s. */
function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
