import { errorText } from '@perennial/values';

/** A connection to the log that something in this process depends on, e.g. `consumer:perennial.activity.v1`. */
export interface LinkStatus {
  readonly link: string;
  readonly state: 'connected' | 'waiting' | 'closed';
  /** Why it waits; null otherwise. */
  readonly reason: string | null;
}

/** Offsets that were stepped over because the log has no records there any more (compaction). */
export interface OffsetGap {
  readonly topic: string;
  readonly partition: number;
  readonly expected: number;
  readonly found: number;
}

/** What an adapter says about itself, for metrics, health and logs. */
export interface StreamObserver {
  /** Called on each change of state, and again while waiting when the reason changes. */
  link(status: LinkStatus): void;
  gap(gap: OffsetGap): void;
  /** The group gave these partitions to a consumer of this process; called on each rebalance. */
  assigned(topic: string, partitions: readonly number[]): void;
}

const PROBE_INTERVAL_MS = 5_000;

/**
 * Probes a server, now and every five seconds, since a service that has nothing to do asks its servers nothing. `probe` rejects
 * while the server is away; `tell` hears of each result. Returns how to stop.
 */
export function watchLink(name: string, probe: () => Promise<unknown>, tell: (status: LinkStatus) => void): () => void {
  let stopped = false;
  let timer: NodeJS.Timeout | null = null;
  const look = async (): Promise<void> => {
    const status = await probe().then(
      () => ({ link: name, state: 'connected', reason: null }) as const,
      (error: unknown) => ({ link: name, state: 'waiting', reason: errorText(error) }) as const,
    );
    if (stopped) return;
    timer = setTimeout(() => void look(), PROBE_INTERVAL_MS);
    tell(status);
  };
  void look();
  return () => {
    stopped = true;
    if (timer !== null) clearTimeout(timer);
  };
}
