import type { LinkStatus } from '@perennial/stream';
import { errorText } from '@perennial/values';
import type { KafkaSettings } from './options';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/** Tells the observer how a connection is: each change once. */
export class ConnectionStatus {
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
 * Runs `attempt` until it ends by itself or the signal aborts. A failure is reported, and tried again after a pause that doubles from
 * 100 ms to 5 s; a connection that held for longer than that begins with the shortest pause again.
 */
export async function reconnectLoop(
  status: ConnectionStatus,
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
        status.connected();
      });
      return;
    } catch (error) {
      if (aborted()) return;
      status.waiting(error);
    }
    if (performance.now() - since > LONGEST_PAUSE_MS) pause = FIRST_PAUSE_MS;
    await sleep(pause, signal);
    pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
  }
}

/** Resolves after `ms`, or as soon as the signal aborts. */
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
