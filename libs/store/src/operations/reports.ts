import type { Instant, TenantId } from '@perennial/values';
import { type TenantState, timeReached } from '@perennial/engine';
import { StateRows } from '@perennial/processor';
import type { Databases } from '../postgres/databases';
import { bind } from '../postgres/statement';
import { positionOf } from '../session/statements/control';
import {
  countCustomers,
  countDue,
  countStages,
  findCustomer,
  findDeadline,
  findLogged,
  listClocks,
  listProgress,
  listTenants,
  sumTotals,
} from './report-statements';

/** What the totals say of a tenant. Names that stand at 0 are left out. */
export interface Summary {
  readonly activities: number;
  readonly customers: number;
  /** stage → customers in it. */
  readonly stages: Readonly<Record<string, number>>;
  /** `from>to` → moves of the stage region. */
  readonly moves: Readonly<Record<string, number>>;
  readonly deadLetters: number;
  /** What else became of activities: late, duplicates, uncatalogued, amount-left-out and whatever the engine counts. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** topic → facts. */
  readonly facts: Readonly<Record<string, number>>;
}

export interface CustomerReport {
  readonly partition: number;
  /** For the engine's unpacking. */
  readonly packed: Uint8Array;
  readonly stage: string;
  /** Offset of the input that changed it last. */
  readonly version: number;
  /** In the tenant's time; null when nothing is armed. */
  readonly due: Instant | null;
}

export interface PartitionTenant {
  readonly partition: number;
  readonly state: TenantState;
  /** The tenant's time at the newest clock records of the partition; null before the first. */
  readonly clockAt: Instant | null;
}

export interface PartitionProgress {
  readonly partition: number;
  readonly epoch: number;
  readonly nextOffset: number;
  readonly owner: string;
  /** Micro-batches committed and perhaps not published yet; at rest there are none. */
  readonly unpublished: number;
  /** First offset of the oldest of them; null: there is none. */
  readonly oldestUnpublished: number | null;
}

/** Cold reads for tools, over all partitions, so that all databases have to answer; as fresh as the last commit of each, but for `countStates`. */
export interface Reports {
  summary(tenant: TenantId): Promise<Summary>;
  /** Tenants that have none are left out. */
  customersByTenant(): Promise<ReadonlyMap<TenantId, number>>;
  /** By `tenant:customer`. */
  customer(key: string): Promise<CustomerReport | null>;
  tenants(): Promise<readonly PartitionTenant[]>;
  /** version of the tenant's definition → customers in it; versions without customers are left out. */
  customersByVersion(tenant: TenantId): Promise<ReadonlyMap<number, number>>;
  progress(): Promise<readonly PartitionProgress[]>;
  /** Deadlines due at or before, in the tenant's time. */
  dueCount(tenant: TenantId, through: Instant): Promise<number>;
  /** stage → customers, counted row by row: checks the totals at rest, and takes long on many customers. */
  countStates(tenant: TenantId): Promise<Readonly<Record<string, number>>>;
}

export function createReports(databases: Databases): Reports {
  return {
    summary: async (tenant) => summarize(await databases.everywhere(bind(sumTotals, tenant))),
    customersByTenant: async () => {
      const rows = await databases.everywhere(bind(countCustomers));
      return new Map([...summed(rows.map(({ tenant, n }) => [tenant, n]))].map(([name, n]) => [name as TenantId, n]));
    },
    customer: (key) => newestOf(databases, key),
    tenants: () => tenantsOf(databases),
    customersByVersion: async (tenant) => byVersion(await databases.everywhere(bind(sumTotals, tenant))),
    progress: async () => {
      const rows = await databases.everywhere(bind(listProgress));
      return rows.map(({ next_offset, oldest_unpublished, ...row }) => ({
        ...row,
        nextOffset: next_offset,
        oldestUnpublished: oldest_unpublished,
      }));
    },
    dueCount: async (tenant, through) => {
      const rows = await databases.everywhere(bind(countDue, tenant, through));
      return rows.reduce((sum, { n }) => sum + n, 0);
    },
    countStates: async (tenant) => {
      const rows = await databases.everywhere(bind(countStages, tenant));
      return Object.fromEntries(summed(rows.map(({ stage, n }) => [stage, n])));
    },
  };
}

async function tenantsOf(databases: Databases): Promise<readonly PartitionTenant[]> {
  const tenants = await databases.everywhere(bind(listTenants));
  const clocks = await databases.everywhere(bind(listClocks));
  return tenants.map(({ partition, ...state }) => {
    const positions = clocks.filter((clock) => clock.partition === partition).map(positionOf);
    return { partition, state, clockAt: timeReached(state, positions) };
  });
}

/**
 * The log is read before the row: what a checkpoint moves meanwhile from the one to the other is seen in both, or in the row.
 * Reads the whole log: for rare questions of operators.
 */
async function newestOf(databases: Databases, key: string): Promise<CustomerReport | null> {
  const rows = await databases.everywhere(bind(findLogged, Buffer.from(key)));
  const logged = rows.flatMap(({ partition, bytes }) => {
    const found = [...StateRows.read(bytes)].find((state) => state.key === key);
    if (found === undefined) return [];
    const { label: stage, version, packed } = found;
    return [{ partition, stage, version, packed }];
  });
  const [row] = await databases.everywhere(bind(findCustomer, key));
  const newest = logged[0] ?? row;
  if (newest === undefined) return null;
  const [deadline] = await databases.of(newest.partition).query(bind(findDeadline, newest.partition, key));
  const { partition, packed, stage, version } = newest;
  return { partition, packed, stage, version, due: deadline?.due ?? null };
}

interface Total {
  readonly name: string;
  readonly value: number;
}

/** Totals that are no outcomes of activities, or are stated on their own. */
const OTHER_TOTALS = ['activities', 'dead-letters', 'deadlines'];

/** Reads the names that the engine gives its totals. */
function summarize(rows: readonly Total[]): Summary {
  const totals = summed(rows.map(({ name, value }) => [name, value]));
  const value = (name: string): number => totals.get(name) ?? 0;
  const under = (prefix: string): Record<string, number> =>
    Object.fromEntries(
      [...totals].flatMap(([name, n]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), n]] : [])),
    );
  const stages = under('stage:');
  return {
    activities: value('activities'),
    customers: Object.values(stages).reduce((sum, n) => sum + n, 0),
    stages,
    moves: under('move:stage:'),
    deadLetters: value('dead-letters'),
    outcomes: Object.fromEntries([...totals].filter(([name]) => !name.includes(':') && !OTHER_TOTALS.includes(name))),
    facts: under('fact:'),
  };
}

const VERSION = 'definition:';

function byVersion(rows: readonly Total[]): ReadonlyMap<number, number> {
  const ofVersions = rows.filter(({ name }) => name.startsWith(VERSION));
  const sums = summed(ofVersions.map(({ name, value }) => [name.slice(VERSION.length), value]));
  return new Map([...sums].map(([version, n]) => [Number(version), n]));
}

/** Sums by name; those of 0 are left out. */
function summed(rows: readonly (readonly [name: string, n: number])[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const [name, n] of rows) sums.set(name, (sums.get(name) ?? 0) + n);
  return new Map([...sums].filter(([, n]) => n !== 0));
}
