import { type Instant, InvariantViolation, RetryableError, type TenantId } from '@perennial/contracts';
import type {
  Claim,
  ClockPosition,
  Commit,
  CommitResult,
  DueDeadline,
  DueQuery,
  EngineStore,
  OutboxBlob,
  StateRow,
  TenantChange,
  TenantState,
  UsedNumberChange,
} from '@perennial/engine';

export type StoreCall = keyof EngineStore;
/** `before`: fails and has no effect. `after`: takes effect, and the answer is lost. Both throw `RetryableError`. */
export type StoreFault = 'none' | 'before' | 'after';

/** What is stored of a partition. */
export interface StoredPartition {
  epoch: number;
  nextOffset: number;
  released: boolean;
  outbox: readonly OutboxBlob[];
  readonly states: Map<string, StateRow>;
  readonly deadlines: Map<string, { readonly tenant: TenantId; readonly due: Instant }>;
  readonly tenants: Map<TenantId, TenantState>;
  /** By `processor:tenant`. */
  readonly clocks: Map<string, ClockPosition>;
  readonly commands: Set<number>;
  /** By `tenant:name`. */
  readonly totals: Map<string, number>;
}

export interface InMemoryStore extends EngineStore {
  /** For assertions; undefined before the first claim. */
  readonly partitions: ReadonlyMap<number, Readonly<StoredPartition>>;
}

/** An `EngineStore` with the semantics of the real one; `fault` is asked before each call. */
export function inMemoryStore(fault: (call: StoreCall) => StoreFault = () => 'none'): InMemoryStore {
  const partitions = new Map<number, StoredPartition>();
  const answer = async <T>(call: StoreCall, effect: () => T): Promise<T> => {
    const outcome = fault(call);
    if (outcome === 'before') throw lost(call, 'and did nothing');
    const result = await Promise.resolve(effect());
    if (outcome === 'after') throw lost(call, 'after it took effect');
    return result;
  };
  return {
    partitions,
    claim: (partition) =>
      answer('claim', () => {
        const stored = partitions.get(partition) ?? emptyPartition();
        partitions.set(partition, stored);
        stored.epoch += 1;
        const claimed = claimOf(stored);
        stored.released = false;
        return claimed;
      }),
    load: (partition, keys) => answer('load', () => load(partitions.get(partition), keys)),
    due: (partition, queries, limit) =>
      answer('due', () => findDue(partitions.get(partition), queries).slice(0, limit)),
    earliest: (partition, queries) => answer('earliest', () => findEarliest(partitions.get(partition), queries)),
    commit: (commit) => answer('commit', () => commitTo(partitions.get(commit.partition), commit)),
    renew: (partition, epoch) => answer('renew', () => (partitions.get(partition)?.epoch === epoch ? 'held' : 'lost')),
    release: (partition, epoch, publishedThrough) =>
      answer('release', () => {
        const stored = partitions.get(partition);
        if (stored === undefined) return;
        stored.released ||= stored.epoch === epoch;
        stored.outbox = stored.outbox.filter((blob) => blob.firstOffset > (publishedThrough ?? -1));
      }),
    rest: (partition, publishedThrough) =>
      answer('rest', () => {
        const stored = partitions.get(partition);
        if (stored === undefined || publishedThrough === null) return;
        stored.outbox = stored.outbox.filter((blob) => blob.firstOffset > publishedThrough);
      }),
  };
}

const lost = (call: StoreCall, when: string): RetryableError =>
  new RetryableError('STORE.UNREACHABLE', `The in-memory store was told to fail: ${call} failed ${when}.`);

const emptyPartition = (): StoredPartition => ({
  epoch: 0,
  nextOffset: 0,
  released: true,
  outbox: [],
  states: new Map(),
  deadlines: new Map(),
  tenants: new Map(),
  clocks: new Map(),
  commands: new Set(),
  totals: new Map(),
});

const claimOf = ({
  epoch,
  nextOffset,
  tenants,
  clocks,
  commands,
  outbox,
  released,
  totals,
}: StoredPartition): Claim => ({
  epoch,
  nextOffset,
  released,
  armed: [...totals].reduce((sum, [name, value]) => (name.endsWith(':deadlines') ? sum + value : sum), 0),
  tenants: [...tenants.values()].sort((a, b) => compareBytes(a.tenant, b.tenant)),
  numbers: { clocks: [...clocks.values()], commands: [...commands] },
  outbox: outbox.toSorted((a, b) => a.firstOffset - b.firstOffset),
});

/** Copies of the bytes, so that an engine that writes into what it loaded is found out. */
function load(stored: StoredPartition | undefined, keys: readonly string[]): Map<string, Uint8Array> {
  const found = keys.flatMap((key) => stored?.states.get(key) ?? []);
  return new Map(found.map(({ key, packed }) => [key, packed.slice()]));
}

function findDue(stored: StoredPartition | undefined, queries: readonly DueQuery[]): DueDeadline[] {
  const deadlines = [...(stored?.deadlines ?? [])].map(([key, { tenant, due }]) => ({ key, tenant, due }));
  return queries
    .flatMap(({ tenant, through, except }) =>
      deadlines.filter((each) => each.tenant === tenant && each.due <= through && !except.includes(each.key)),
    )
    .map(({ key, due }) => ({ key, due }))
    .sort((a, b) => a.due - b.due || compareBytes(a.key, b.key));
}

function findEarliest(
  stored: StoredPartition | undefined,
  queries: readonly Omit<DueQuery, 'through'>[],
): Map<TenantId, Instant> {
  const firsts = queries.map((query) => ({ query, first: findDue(stored, [{ ...query, through: Infinity }])[0] }));
  return new Map(firsts.flatMap(({ query, first }) => (first === undefined ? [] : [[query.tenant, first.due]])));
}

/** The order of PostgreSQL's collation "C"; JavaScript's own differs beyond the basic plane. */
const compareBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

function commitTo(stored: StoredPartition | undefined, commit: Commit): CommitResult {
  const { partition, epoch, expectedOffset, nextOffset } = commit;
  if (nextOffset <= expectedOffset) {
    const message = `Commit of partition ${partition} from offset ${expectedOffset} to ${nextOffset} makes no progress; commit at least one record.`;
    throw new InvariantViolation('STORE.NO_PROGRESS', message);
  }
  if (stored?.epoch !== epoch) return 'fenced';
  if (stored.nextOffset !== expectedOffset) return stored.nextOffset === nextOffset ? 'committed' : 'fenced';
  refuse(stored, commit);
  apply(stored, commit);
  return 'committed';
}

/** What PostgreSQL refuses, before anything is changed. */
function refuse(stored: StoredPartition, { partition, states, deadlines, outbox, totals }: Commit): void {
  const numbers = [
    ...[...states].map((row) => row.version),
    ...deadlines.map((row) => row.due ?? 0),
    ...totals.map((row) => row.delta),
  ];
  const problems = [
    new Set(deadlines.map(({ key }) => key)).size < deadlines.length && 'two deadlines of one customer',
    stored.outbox.some(({ firstOffset }) => firstOffset === outbox?.firstOffset) && 'a second blob of one offset',
    !numbers.every(Number.isSafeInteger) && 'a version, due or delta is not an integer',
  ];
  const problem = problems.find((each) => each !== false);
  if (problem !== undefined)
    throw new InvariantViolation('STORE.REFUSED', `Commit of partition ${partition}: ${problem}.`);
}

function changed({ tenants }: StoredPartition, { definitions = [], ...change }: TenantChange): TenantState {
  const { tenant } = change;
  const unknown = {
    tenant,
    source: { kind: 'wall' },
    bootstrap: { kind: 'off' },
    definitions: [],
    newestAt: null,
  } as const;
  const known = tenants.get(tenant) ?? unknown;
  return { ...known, ...change, definitions: [...known.definitions, ...definitions] };
}

function useNumbers(stored: StoredPartition, { clocks, commands, commandsFrom }: UsedNumberChange): void {
  for (const clock of clocks) stored.clocks.set(`${clock.processor}:${clock.tenant ?? ''}`, clock);
  for (const number of stored.commands) if (number < (commandsFrom ?? number)) stored.commands.delete(number);
  for (const number of commands) stored.commands.add(number);
}

function apply(stored: StoredPartition, commit: Commit): void {
  const { nextOffset, publishedThrough, outbox } = commit;
  stored.nextOffset = nextOffset;
  for (const row of commit.states) stored.states.set(row.key, { ...row, packed: row.packed.slice() });
  for (const { key, tenant, due } of commit.deadlines) {
    if (due === null) stored.deadlines.delete(key);
    else stored.deadlines.set(key, { tenant, due });
  }
  for (const change of commit.tenants) stored.tenants.set(change.tenant, changed(stored, change));
  useNumbers(stored, commit.numbers);
  for (const { tenant, name, delta } of commit.totals) {
    const total = `${tenant}:${name}`;
    stored.totals.set(total, (stored.totals.get(total) ?? 0) + delta);
  }
  const kept = stored.outbox.filter(({ firstOffset }) => publishedThrough === null || firstOffset > publishedThrough);
  stored.outbox = outbox === null ? kept : [...kept, { ...outbox, bytes: outbox.bytes.slice() }];
}
