import type { TenantId } from '@perennial/values';
import {
  type EngineStore,
  type PublishedDefinition,
  type TenantState,
  type EngineClaim,
  type EngineCommit,
  type EngineSession,
} from '@perennial/engine';
import { type DeadlineChange, type StateRow, StateRows } from '@perennial/processor';

/** A store under test, and a way to look behind it. */
export interface StoreUnderTest {
  readonly store: EngineStore;
  /** Stage and version in a customer's row, which a flush brings up to date; null when there is none. */
  readonly row: (partition: number, key: string) => Promise<Pick<StateRow, 'label' | 'version'> | null>;
  /** 0 when there is none. */
  readonly total: (partition: number, tenant: TenantId, name: string) => Promise<number>;
  readonly close: () => Promise<void>;
}

/** The store and a partition that no test used before. */
export type Under = () => StoreUnderTest & { readonly partition: number };

export const ACME = 'acme' as TenantId;
export const BOLT = 'bolt' as TenantId;

export interface CommitChange extends Partial<Omit<EngineCommit, 'states'>> {
  readonly states?: Iterable<StateRow>;
}

const NONE_USED: EngineCommit['numbers'] = { clocks: [], commands: [], commandsFrom: null };

/** A commit of one record that changes nothing but progress. */
export const aCommit = (
  { nextOffset }: Pick<EngineClaim, 'nextOffset'>,
  { states = [], ...change }: CommitChange = {},
): EngineCommit => ({
  expectedOffset: nextOffset,
  nextOffset: nextOffset + 1,
  states: StateRows.of(states),
  deadlines: [],
  outbox: null,
  publishedThrough: null,
  tenants: [],
  numbers: NONE_USED,
  totals: [],
  ...change,
});

/** A session that answers some calls in another way. */
const aSession = (honest: EngineSession, change: Partial<EngineSession>): EngineSession => ({
  claim: honest.claim,
  load: (keys) => honest.load(keys),
  due: (queries, limit) => honest.due(queries, limit),
  earliest: (queries) => honest.earliest(queries),
  commit: (commit) => honest.commit(commit),
  renew: () => honest.renew(),
  flush: (publishedThrough) => honest.flush(publishedThrough),
  release: (publishedThrough, nextOwner) => honest.release(publishedThrough, nextOwner),
  ...change,
});

/** A store whose sessions answer some calls in another way. */
export const aStoreWith = (
  honest: EngineStore,
  change: (session: EngineSession, partition: number) => Partial<EngineSession>,
): EngineStore => ({
  claim: async (partition, owner) => {
    const session = await honest.claim(partition, owner);
    return aSession(session, change(session, partition));
  },
});

export const aState = (key: string, change: Partial<StateRow> = {}): StateRow => ({
  key,
  label: 'onboarding',
  version: 0,
  packed: Uint8Array.of(1, 2, 3),
  ...change,
});

export const aTenant = (tenant: TenantId, change: Partial<TenantState> = {}): TenantState => ({
  tenant,
  source: { kind: 'wall' },
  bootstrap: { kind: 'off' },
  definitions: [],
  newestAt: null,
  ...change,
});

export const aDefinition = (
  source: string,
  change: Partial<Omit<PublishedDefinition, 'source'>> = {},
): PublishedDefinition => ({ source, author: null, reason: null, publishedAt: null, ...change });

export const aDeadline = (key: string, due: number | null): DeadlineChange => ({
  key,
  tenant: key.slice(0, key.indexOf(':')) as TenantId,
  due,
});
