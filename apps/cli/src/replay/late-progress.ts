import { openProgress, type Progress, type ProgressOptions, type ProgressScreen } from '@perennial/command-line';

const SHOWN_AFTER_MS = 2_000;
const onStderr: ProgressScreen = { stream: process.stderr, now: () => performance.now() };

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

/** The display takes its first reading for the beginning: what was done before it appeared counts in the rate. */
function beginningAt(started: number, { now }: ProgressScreen): () => number {
  let first = true;
  return () => {
    if (!first) return now();
    first = false;
    return started;
  };
}
