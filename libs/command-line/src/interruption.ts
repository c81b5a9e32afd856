/** Ctrl-C, SIGTERM, or the terminal closed. */
export interface Interruption {
  /** Aborts at the first signal. */
  readonly signal: AbortSignal;
  /** Gives the signals back to whoever had them. */
  readonly release: () => void;
}

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
/** One Ctrl-C under `npm start` arrives twice: from the terminal, and again from npm. */
const SAME_KEY_MS = 1_000;

/** Takes the signals that ask to end. The first one asks; a later one does not wait: `force`, then exit. */
export function onInterrupt(force: () => Promise<void>): Interruption {
  const controller = new AbortController();
  let first = 0;
  const listeners = Object.entries(SIGNALS).map(([name, code]) => {
    const listener = (): void => {
      if (!controller.signal.aborted) {
        first = performance.now();
        controller.abort();
      } else if (performance.now() - first > SAME_KEY_MS) void force().finally(() => process.exit(code));
    };
    process.on(name, listener);
    return () => process.off(name, listener);
  });
  return {
    signal: controller.signal,
    release: () => {
      for (const off of listeners) off();
    },
  };
}
