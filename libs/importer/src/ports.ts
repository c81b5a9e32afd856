/** What an import needs of the world. */
import type { Activity, OutRecord } from '@perennial/contracts';
import type { Instant, Millis, TenantId } from '@perennial/values';
import type { Signing, TenantState } from '@perennial/engine';

/** A row of a history as an activity. */
export interface PastRow extends Activity {
  readonly at: Instant;
  /** Place in the input, from 1. */
  readonly row: number;
}

/** A checked history, in order of time. */
export interface ImportedHistory {
  /** For messages: the file's name. */
  readonly name: string;
  readonly total: number;
  /** Null for an empty history. */
  readonly newest: Instant | null;
  /** Hash over all rows as they are sent, in order. */
  readonly fingerprint: string;
  /** In arrays of some thousands, without the first `skip`. */
  activities(skip?: number): AsyncIterable<readonly PastRow[]>;
}

/** In their order. `prepare`: commands; `clock`: deadlines of the past; `live`: the tenant's clock afterwards. */
export const IMPORT_PHASES = ['prepare', 'activities', 'clock', 'live', 'done'] as const;
export type ImportPhase = (typeof IMPORT_PHASES)[number];

/**
 * The tenant's clock after an import. `wall`: real time; `offset`: runs on from the newest activity at speed 1; `held`: stands
 * there until somebody sets it off (the sample); `late`: as it was, since the tenant has customers.
 */
export const ENDINGS = ['wall', 'offset', 'held', 'late'] as const;
export type Ending = (typeof ENDINGS)[number];

/** What is stored of an import. */
export interface ImportStatus {
  readonly tenant: TenantId;
  /** As the user wrote it, for people. */
  readonly input: string;
  /** As of {@link ImportedHistory}; null: begun by a release that kept none. */
  readonly fingerprint: string | null;
  readonly ending: Ending;
  /** As of {@link ImportedHistory}; null: as of `fingerprint`. */
  readonly newest: Instant | null;
  /** Activities to send. */
  readonly total: number;
  /** Activities that the log has acknowledged; of one that is done but was given up, less than `total`. */
  readonly acknowledged: number;
  readonly phase: ImportPhase;
  /** Null: begun by a release that kept neither. */
  readonly startedBy: string | null;
  readonly startedAt: Instant | null;
}

/** Where imports are remembered. */
export interface ImportStatuses {
  /** Null before the first `update`. */
  find(name: string): Promise<ImportStatus | null>;
  /** Those of a tenant that are not done, in order of name. */
  unfinished(tenant: TenantId): Promise<readonly (ImportStatus & { readonly name: string })[]>;
  /**
   * Stores what `change` makes of the current status, and returns it. `change` is called again when somebody else wrote in
   * between, so it only computes. After a `RetryableError` the update may have happened.
   */
  update(name: string, change: (current: ImportStatus | null) => ImportStatus): Promise<ImportStatus>;
}

/** The activity topic, for writing. */
export interface ImportLog {
  /**
   * Sends in order; resolves when all are acknowledged, with an offset of each partition written to that is at or below its last
   * record. Throws `RetryableError` when the log is away; some of the records may be written then.
   */
  send(records: readonly OutRecord[]): Promise<ReadonlyMap<number, number>>;
}

/** What the engine has made of the log so far. */
export interface EngineView {
  /** Of each partition that the engine has ever owned, the offset before which it has published what came of everything. */
  published(): Promise<ReadonlyMap<number, number>>;
  /** Resolves when the engine has committed everything that is in the activity topic now. Throws when it stands still. */
  drained(): Promise<void>;
  /** The tenant as each partition knows it; partitions that have read nothing of it are left out. */
  tenant(tenant: TenantId): Promise<readonly PartitionTenant[]>;
  /** Deadlines due at or before, in the tenant's time. */
  dueCount(tenant: TenantId, through: Instant): Promise<number>;
}

export interface PartitionTenant {
  readonly partition: number;
  readonly state: Pick<TenantState, 'source' | 'bootstrap'>;
  /** The tenant's time at the newest clock records; null before the first. */
  readonly clockAt: Instant | null;
}

export interface ImportTime {
  now(): Instant;
  /** Milliseconds from any fixed point. */
  monotonic(): Millis;
  /** Rejects when the import is interrupted. */
  wait(ms: Millis): Promise<void>;
}

/** How far a phase is; `total` may change between calls. */
export interface PhaseProgress {
  readonly phase: 'activities' | 'clock';
  readonly done: number;
  readonly total: number;
}

export interface ImportPorts {
  readonly statuses: ImportStatuses;
  readonly log: ImportLog;
  readonly engine: EngineView;
  readonly signing: Pick<Signing, 'sign'>;
  /** Draws a number for what is signed, greater than all before. */
  readonly nextNumber: () => Promise<number>;
  readonly time: ImportTime;
  readonly onProgress: (progress: PhaseProgress) => void;
  /** For people: what the import waits for. */
  readonly say: (line: string) => void;
  /** Ends the import between two steps; it can be resumed. */
  readonly signal: AbortSignal;
}

/** What is to be imported, and how it is to end. */
export interface ImportJob {
  readonly name: string;
  readonly tenant: TenantId;
  /** As the user wrote it, for people. */
  readonly input: string;
  readonly history: ImportedHistory;
  readonly ending: Ending;
  readonly startedBy: string;
  /** Of the activity topic. */
  readonly partitions: number;
  /** How many ids of a customer the tenant's definitions remember, the least of them. */
  readonly recentIds: number;
}
