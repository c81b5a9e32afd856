import { errorText } from '@perennial/stream';
import type { LinkStatus } from '@perennial/stream';
import type { KafkaSettings } from './options';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/** Tells the owner how a connection is: each change once. */
export class Link {
  private status: LinkStatus;

  constructor(
    link: string,
    private readonly settings: Pick<KafkaSettings, 'observer' | 'logger'>,
  ) {
    this.status = { link, state: 'closed', reason: null };
  }

  connected(): void {
    if (this.report('connected', null)) this.settings.logger.info({ link: this.status.link }, 'connected to Kafka');
  }

  waiting(error: unknown): void {
    const reason = errorText(error);
    if (this.report('waiting', reason)) {
      this.settings.logger.warn({ link: this.status.link, reason }, 'Kafka is away, trying again');
    }
  }

  closed(): void {
    this.report('closed', null);
  }

  private report(state: LinkStatus['state'], reason: string | null): boolean {
    if (this.status.state === state && this.status.reason === reason) return false;
    this.status = { link: this.status.link, state, reason };
    this.settings.observer.link(this.status);
    return true;
  }
}

/**
 * Runs `attempt` until it ends by itself or the signal aborts. A failure is reported, and tried again after a pause
 * that doubles up to five seconds; a connection that held longer than that starts anew with the shortest.
 */
export async function keepTrying(
  link: Link,
  signal: AbortSignal,
  attempt: (connected: () => void) => Promise<void>,
): Promise<void> {
  let pause = FIRST_PAUSE_MS;
  const aborted = () => signal.aborted;
  while (!aborted()) {
    let since = Infinity;
    try {
      await attempt(() => {
        since = performance.now();
        link.connected();
      });
      return;
    } catch (error) {
      if (aborted()) return;
      link.waiting(error);
    }
    if (performance.now() - since > LONGEST_PAUSE_MS) pause = FIRST_PAUSE_MS;
    await sleep(pause, signal);
    pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
  }
}

/** Ends early when the signal aborts. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}
