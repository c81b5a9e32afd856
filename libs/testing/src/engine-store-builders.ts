import type { TenantId } from '@perennial/contracts';
import {
  type Claim,
  type Commit,
  type DeadlineChange,
  type EngineStore,
  type StateRow,
  StateRows,
  type TenantState,
} from '@perennial/engine';

/** A store under test, and a way to look behind it. */
export interface StoreUnderTest {
  readonly store: EngineStore;
  /** Stage and version of a customer; null when there is none. */
  readonly state: (partition: number, key: string) => Promise<Pick<StateRow, 'stage' | 'version'> | null>;
  /** 0 when there is none. */
  readonly total: (partition: number, tenant: TenantId, name: string) => Promise<number>;
  readonly close: () => Promise<void>;
}

/** The store and a partition that no test used before. */
export type Under = () => StoreUnderTest & { readonly partition: number };

export const ACME = 'acme' as TenantId;
export const BOLT = 'bolt' as TenantId;

export interface CommitChange extends Partial<Omit<Commit, 'states'>> {
  readonly states?: Iterable<StateRow>;
}

const NONE_USED: Commit['numbers'] = { clocks: [], commands: [], commandsFrom: null };

/** A commit of one record that changes nothing but progress. */
export const aCommit = (
  partition: number,
  claim: Pick<Claim, 'epoch' | 'nextOffset'>,
  { states = [], ...change }: CommitChange = {},
): Commit => ({
  partition,
  epoch: claim.epoch,
  expectedOffset: claim.nextOffset,
  nextOffset: claim.nextOffset + 1,
  states: StateRows.of(states),
  deadlines: [],
  outbox: null,
  publishedThrough: null,
  tenants: [],
  numbers: NONE_USED,
  totals: [],
  ...change,
});

export const aState = (key: string, change: Partial<StateRow> = {}): StateRow => ({
  key,
  stage: 'onboarding',
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

export const aDeadline = (key: string, due: number | null): DeadlineChange => ({
  key,
  tenant: key.slice(0, key.indexOf(':')) as TenantId,
  due,
});
