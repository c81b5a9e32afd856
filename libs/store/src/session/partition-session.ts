/**
 * A session of a partition in PostgreSQL. Only `commit` runs again by itself (see commit.ts); all other calls throw
 * `RetryableError` at the first failure that may pass.
 *
 * 1. The session holds everything that the process remembers of the partition. Once ended, by `release` or by the first answer
 *    that shows it, it sends no statement and writes no row: late answers touch nothing of a newer session.
 * 2. `release` ends the session before it asks the database, and can be repeated: its statements are fenced by epoch, or hold
 *    for every owner.
 */
import { ConcurrencyConflict, type TenantId } from '@perennial/values';
import type { EngineClaim, EngineCommit, EngineSession } from '@perennial/engine';
import type { CommitResult, DueDeadline, DueQuery, NextOwner } from '@perennial/processor';
import type { Database } from '../postgres/database';
import type { RetryOptions } from '../postgres/retry';
import { bind } from '../postgres/statement';
import { commitBatch } from './commit';
import type { StateLog } from './state-log';
import { findDue, findEarliest } from './statements/deadlines';
import { releaseClaim, removeOutbox, renewClaim } from './statements/progress';

/** Before every offset. */
const NONE_PUBLISHED = -1;

type TenantQuery = Omit<DueQuery, 'through'>;

export class PostgresSession implements EngineSession {
  private ended = false;

  constructor(
    private readonly database: Database,
    private readonly partition: number,
    readonly claim: EngineClaim,
    private readonly states: StateLog,
    private readonly options: RetryOptions,
  ) {}

  async load(keys: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
    this.refuseIfEnded();
    return this.states.load(keys);
  }

  async due(queries: readonly DueQuery[], limit: number): Promise<readonly DueDeadline[]> {
    this.refuseIfEnded();
    if (queries.length === 0) return [];
    const throughs = queries.map((query) => query.through);
    return this.database.query(
      bind(findDue, this.partition, tenantsOf(queries), throughs, exceptionsOf(queries), limit),
    );
  }

  async earliest(queries: readonly TenantQuery[]): Promise<ReadonlyMap<TenantId, number>> {
    this.refuseIfEnded();
    if (queries.length === 0) return new Map();
    const rows = await this.database.query(
      bind(findEarliest, this.partition, tenantsOf(queries), exceptionsOf(queries)),
    );
    return new Map(rows.map((row) => [row.tenant as TenantId, row.due]));
  }

  async commit(commit: EngineCommit): Promise<CommitResult> {
    if (this.ended) return 'fenced';
    await this.states.awaitCapacity();
    const result = await commitBatch(this.database, this.partition, this.claim.epoch, commit, this.options);
    if (result === 'fenced') this.end();
    else if (commit.states.length > 0) this.states.appended(commit.expectedOffset, commit.states);
    return result;
  }

  async renew(): Promise<'held' | 'lost'> {
    if (this.ended) return 'lost';
    const held = await this.database.query(bind(renewClaim, this.partition, this.claim.epoch));
    if (held.length === 1) return 'held';
    this.end();
    return 'lost';
  }

  async flush(publishedThrough: number | null): Promise<void> {
    if (this.ended) return;
    if (publishedThrough !== null) await this.database.query(bind(removeOutbox, this.partition, publishedThrough));
    await this.states.flush();
  }

  async release(publishedThrough: number | null, nextOwner: NextOwner): Promise<void> {
    this.end();
    await this.database.transaction([
      ...(nextOwner === 'may-publish' ? [bind(releaseClaim, this.partition, this.claim.epoch)] : []),
      // Published blobs are deleted even if another owner has claimed the partition by now.
      bind(removeOutbox, this.partition, publishedThrough ?? NONE_PUBLISHED),
    ]);
  }

  private end(): void {
    this.ended = true;
    this.states.end();
  }

  private refuseIfEnded(): void {
    if (!this.ended) return;
    const { partition, claim } = this;
    throw new ConcurrencyConflict(
      'STORE.SESSION_ENDED',
      `The session of partition ${partition} under epoch ${claim.epoch} has ended: claim the partition again.`,
    );
  }
}

const tenantsOf = (queries: readonly TenantQuery[]) => queries.map((query) => query.tenant);
/** Keys start with their tenant, so the exceptions of all queries make one list. */
const exceptionsOf = (queries: readonly TenantQuery[]) => queries.flatMap((query) => query.except);
