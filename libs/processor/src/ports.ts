/**
 * What the processor needs of the world. A service adds what it keeps with a partition's progress: `Held` is what a claim brings
 * of that, `Change` what a commit writes of it. `Entry` is what it publishes.
 */
import type { Instant, TenantId } from '@perennial/values';
import type { StateRows } from './state-rows';

/** What a claim finds of its partition. */
export interface Claim {
  /** Raised by each claim: older ones are fenced. */
  readonly epoch: number;
  /** The first offset that was not yet processed. */
  readonly nextOffset: number;
  /** Blobs committed but perhaps not published, oldest first. */
  readonly outbox: readonly OutboxBlob[];
  /** Deadline rows in the partition. */
  readonly armed: number;
  /** The former owner gave the partition back, or there was none: nobody else may still be publishing (`NextOwner`). */
  readonly released: boolean;
}
/** What one micro-batch publishes, in the service's format. */
export interface OutboxBlob {
  /** Offset at which its micro-batch began, where the one before ended: unique and rising within the partition. */
  readonly firstOffset: number;
  readonly bytes: Uint8Array;
}

/** The one deadline row of a customer; `due` in the tenant's time, null removes it. */
export interface DeadlineChange {
  readonly key: string;
  readonly tenant: TenantId;
  readonly due: Instant | null;
}

/** One micro-batch: everything or nothing. At most one deadline of a key; `nextOffset` is beyond `expectedOffset`. */
export interface Commit {
  /** Compare: what `nextOffset` must be before. */
  readonly expectedOffset: number;
  /** Set: what it is afterwards. */
  readonly nextOffset: number;
  readonly states: StateRows;
  readonly deadlines: readonly DeadlineChange[];
  /** Null when the micro-batch publishes nothing. */
  readonly outbox: OutboxBlob | null;
  /** Blobs with a `firstOffset` at or below this were published and can go; null: none. */
  readonly publishedThrough: number | null;
}
/**
 * `fenced`: epoch or offset did not match; another owner has the partition. Nothing was written, or, after a lost answer,
 * what was written was there when the other owner claimed.
 */
export type CommitResult = 'committed' | 'fenced';

/** Of which deadlines the earliest is wanted. */
export interface EarliestQuery {
  readonly tenant: TenantId;
  /** Keys that may not fire (customers in bootstrap). */
  readonly except: readonly string[];
}
/** Which deadlines a clock record may fire. */
export interface DueQuery extends EarliestQuery {
  /** Due at or before, in the tenant's time. */
  readonly through: Instant;
}
/** A deadline that is due; `due` in the tenant's time. */
export interface DueDeadline {
  readonly key: string;
  readonly due: Instant;
}

/**
 * The database of a service. Errors that may pass (connection lost, server restarting, time-out) are thrown as
 * `RetryableError`; a commit whose result is unknown is settled by the adapter (it reads progress) before it answers.
 */
export interface PartitionStore<Held, Change> {
  /** Takes the partition over: raises its epoch, so that all older owners are fenced. Creates it at offset 0 when new. */
  claim(partition: number, owner: string): Promise<PartitionSession<Held, Change>>;
}

/**
 * One ownership of a partition, from its claim to its release. What the store remembers for the owner lives and dies with the
 * session, so that a late answer of an old session cannot touch a newer one, in the same process either (docs/adr/0021).
 *
 * A session ends by `release`, and when it learns that it is fenced. Ended, it answers `fenced` and `lost`, its `flush` does
 * nothing, and its reads throw `ConcurrencyConflict`, all without asking the database.
 */
export interface PartitionSession<Held, Change> {
  readonly claim: Claim & Held;
  load(keys: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>>;
  /** In (due, key) order over all queries together, at most `limit`. */
  due(queries: readonly DueQuery[], limit: number): Promise<readonly DueDeadline[]>;
  /** The earliest deadline of each of these tenants in the partition; tenants without one are left out. */
  earliest(queries: readonly EarliestQuery[]): Promise<ReadonlyMap<TenantId, Instant>>;
  commit(commit: Commit & Change): Promise<CommitResult>;
  /** Whether the partition is still this session's: a proof of ownership that renews the right to publish. */
  renew(): Promise<'held' | 'lost'>;
  /**
   * Called when the partition is idle: deletes blobs up to `publishedThrough` (null: none), and brings the rows that readers see
   * up to what was committed when it was called. Commits that go on meanwhile do not prolong it.
   */
  flush(publishedThrough: number | null): Promise<void>;
  /**
   * Ends the session. Deletes blobs up to `publishedThrough` (null: none), so that the next owner publishes nothing again; that
   * goes for a fenced session too, which otherwise changes nothing. May be repeated.
   */
  release(publishedThrough: number | null, nextOwner: NextOwner): Promise<void>;
}
/**
 * `may-publish`: gives the partition back, and nobody else may still be publishing. `must-wait`: a former owner may, so the next
 * one waits out its lease, as this one did not.
 */
export type NextOwner = 'may-publish' | 'must-wait';

/** Publishes records in order, each acknowledged by all replicas, without loss or reordering on retries. */
export interface Publisher<Entry> {
  publish(entries: readonly Entry[]): Promise<void>;
}

/** Stops and starts the flow of batches of a partition, and says where it goes on. */
export interface FlowControl {
  pause(partition: number): void;
  resume(partition: number): void;
  seek(partition: number, offset: number): void;
  /** The partition has failed: nothing of it is fetched, and it is claimed at the group's next assignment. */
  halt(partition: number): void;
}

/** Wall time and waiting; a virtual one in simulations. */
export interface Timekeeper {
  /** Milliseconds since the epoch. */
  now(): Instant;
  /** Milliseconds from any fixed point; never steps back or forth with the wall clock. */
  monotonic(): number;
  /** Calls back once after `ms`; returns a cancel function. */
  after(ms: number, call: () => void): () => void;
}

/** Named points at which a test may end or hold the process; production wiring passes a no-op. */
export interface CrashPoints {
  reach(point: CrashPoint): Promise<void> | void;
}
/** Between which two steps a test ends the process. */
export type CrashPoint =
  | 'before-commit'
  | 'after-commit'
  | 'mid-publish'
  | 'after-publish'
  | 'before-clock-append'
  | 'after-clock-append';
