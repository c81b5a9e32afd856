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

export const SILENT: StreamObserver = { link: () => undefined, gap: () => undefined, assigned: () => undefined };
