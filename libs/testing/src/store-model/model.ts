/** What a store must answer, in the plainest way: everything in maps, nothing put off, nothing remembered twice. */
import type { TenantId } from '@perennial/values';
import type { CommitResult, DueDeadline, DueQuery, NextOwner } from '@perennial/processor';
import type { EngineClaim, EngineCommit } from '@perennial/engine';
import { compareBytes } from '../fake-database/tables';

/** A session: the epoch of its claim, and whether it knows that it has ended. */
export interface ModelSession {
  readonly epoch: number;
  ended: boolean;
}

type Found = Pick<EngineClaim, 'epoch' | 'nextOffset' | 'released' | 'armed'> & { readonly blobs: readonly number[] };

export class PartitionModel {
  epoch = 0;
  nextOffset = 0;
  released = true;
  readonly states = new Map<string, { readonly version: number; readonly packed: Uint8Array }>();
  private readonly deadlines = new Map<string, { readonly tenant: TenantId; readonly due: number }>();
  private blobs: number[] = [];
  private armed = 0;

  claim(): ModelSession & { readonly found: Found } {
    this.epoch += 1;
    const { epoch, nextOffset, released, armed } = this;
    this.released = false;
    return { epoch, ended: false, found: { epoch, nextOffset, released, armed, blobs: [...this.blobs] } };
  }

  commit(session: ModelSession, commit: EngineCommit): CommitResult {
    session.ended ||= session.epoch !== this.epoch || commit.expectedOffset !== this.nextOffset;
    if (session.ended) return 'fenced';
    this.nextOffset = commit.nextOffset;
    for (const { key, version, packed } of commit.states) this.states.set(key, { version, packed });
    for (const { key, tenant, due } of commit.deadlines) {
      if (due === null) this.deadlines.delete(key);
      else this.deadlines.set(key, { tenant, due });
    }
    for (const { delta } of commit.totals) this.armed += delta;
    this.forget(commit.publishedThrough);
    if (commit.outbox !== null) this.blobs.push(commit.outbox.firstOffset);
    return 'committed';
  }

  renew(session: ModelSession): 'held' | 'lost' {
    session.ended ||= session.epoch !== this.epoch;
    return session.ended ? 'lost' : 'held';
  }

  flush(session: ModelSession, publishedThrough: number | null): void {
    if (!session.ended) this.forget(publishedThrough);
  }

  release(session: ModelSession, publishedThrough: number | null, nextOwner: NextOwner): void {
    session.ended = true;
    this.released ||= session.epoch === this.epoch && nextOwner === 'may-publish';
    this.forget(publishedThrough);
  }

  load(keys: readonly string[]): readonly (readonly [key: string, packed: readonly number[]])[] {
    return keys.flatMap((key) => {
      const state = this.states.get(key);
      return state === undefined ? [] : [[key, [...state.packed]] as const];
    });
  }

  due(queries: readonly DueQuery[], limit: number): readonly DueDeadline[] {
    return this.all(queries).slice(0, limit);
  }

  earliest(queries: readonly DueQuery[]): readonly (readonly [TenantId, number])[] {
    return queries.flatMap((query) => {
      const [first] = this.all([{ ...query, through: Infinity }]);
      return first === undefined ? [] : [[query.tenant, first.due] as const];
    });
  }

  private all(queries: readonly DueQuery[]): DueDeadline[] {
    const matches = (key: string, tenant: TenantId, due: number): boolean =>
      queries.some((query) => query.tenant === tenant && due <= query.through && !query.except.includes(key));
    return [...this.deadlines]
      .flatMap(([key, { tenant, due }]) => (matches(key, tenant, due) ? [{ key, due }] : []))
      .sort((a, b) => a.due - b.due || compareBytes(a.key, b.key));
  }

  private forget(publishedThrough: number | null): void {
    this.blobs = this.blobs.filter((offset) => offset > (publishedThrough ?? -1));
  }
}
