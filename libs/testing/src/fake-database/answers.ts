/** What PostgreSQL makes of each hot statement, in JavaScript: as their texts in libs/store/src/session/statements say. */
import { ConcurrencyConflict, type TenantId } from '@perennial/values';
import type { HotAnswers } from '@perennial/store';
import { control } from './control-answers';
import { compareBytes, type DeadlineRow, inOrder, type PartitionTables } from './tables';
import { refused, type Transaction } from './transaction';

type Answers = HotAnswers<Transaction>;

const ownership: Pick<
  Answers,
  'lockProgress' | 'claimPartition' | 'releaseClaim' | 'renewClaim' | 'readProgress' | 'advanceProgress'
> = {
  lockProgress: (transaction, partition) => {
    const row = transaction.tables(partition).progress.get('row');
    return row === undefined ? [] : [{ released: row.released }];
  },
  claimPartition: (transaction, partition, owner) => {
    const { progress } = transaction.tables(partition);
    const { epoch = 0, nextOffset = 0 } = progress.get('row') ?? {};
    transaction.set(progress, 'row', { epoch: epoch + 1, nextOffset, owner, released: false });
    return [{ epoch: epoch + 1, next_offset: nextOffset }];
  },
  releaseClaim: (transaction, partition, epoch) => {
    const { progress } = transaction.tables(partition);
    const row = progress.get('row');
    if (row?.epoch === epoch) transaction.set(progress, 'row', { ...row, released: true });
    return [];
  },
  renewClaim: (transaction, partition, epoch) =>
    transaction.tables(partition).progress.get('row')?.epoch === epoch ? [{ partition }] : [],
  readProgress: (transaction, partition) => {
    const row = transaction.tables(partition).progress.get('row');
    return row === undefined ? [] : [{ epoch: row.epoch, next_offset: row.nextOffset }];
  },
  advanceProgress: (transaction, partition, epoch, expectedOffset, nextOffset) => {
    const { progress } = transaction.tables(partition);
    const row = progress.get('row');
    if (row?.epoch !== epoch || row.nextOffset !== expectedOffset)
      throw new ConcurrencyConflict('STORE.FENCED', 'Epoch or offset of the partition is not the expected one.');
    transaction.set(progress, 'row', { ...row, nextOffset });
    return [{ advanced: 1 }];
  },
};

const states: Pick<Answers, 'appendStateLog' | 'readStateLog' | 'removeStateLog' | 'loadStates' | 'writeStates'> = {
  appendStateLog: (transaction, partition, firstOffset, bytes) => {
    transaction.insert(transaction.tables(partition).stateLog, firstOffset, bytes.slice());
    return [];
  },
  readStateLog: (transaction, partition) =>
    inOrder(transaction.tables(partition).stateLog).map(([offset, bytes]) => ({
      first_offset: offset,
      bytes: bytes.slice(),
    })),
  removeStateLog: (transaction, partition, through) => removeThrough(transaction, partition, 'stateLog', through),
  /** Copies of the bytes, so that an engine that writes into what it loaded is found out. */
  loadStates: (transaction, partition, keys) => {
    const { customerState } = transaction.tables(partition);
    return keys
      .flatMap((key) => customerState.get(key) ?? [])
      .map(({ key, packed }) => ({ key, packed: packed.slice() }));
  },
  writeStates: (transaction, partition, keys, stages, versions, bytes, starts, lengths) => {
    const { customerState } = transaction.tables(partition);
    once(keys);
    whole(versions);
    keys.forEach((key, row) => {
      const version = versions[row] ?? 0;
      if ((customerState.get(key)?.version ?? -Infinity) >= version) return;
      const start = (starts[row] ?? 1) - 1;
      const packed = bytes.slice(start, start + (lengths[row] ?? 0));
      transaction.set(customerState, key, { key, label: stages[row] ?? '', version, packed });
    });
    return [];
  },
};

const deadlines: Pick<Answers, 'removeDeadlines' | 'writeDeadlines' | 'findDue' | 'findEarliest'> = {
  removeDeadlines: (transaction, partition, keys) => {
    for (const key of keys) transaction.delete(transaction.tables(partition).deadlines, key);
    return [];
  },
  writeDeadlines: (transaction, partition, keys, tenants, dues) => {
    const tables = transaction.tables(partition);
    once(keys);
    whole(dues);
    keys.forEach((key, row) => {
      transaction.set(tables.deadlines, key, { tenant: tenants[row] as TenantId, due: dues[row] ?? 0 });
    });
    return [];
  },
  findDue: (transaction, partition, tenants, throughs, except, limit) =>
    tenants
      .flatMap((tenant, query) => dueOf(transaction.tables(partition), tenant, except, throughs[query] ?? -Infinity))
      .sort(byDueAndKey)
      .slice(0, limit),
  findEarliest: (transaction, partition, tenants, except) =>
    tenants.flatMap((tenant) => {
      const [first] = dueOf(transaction.tables(partition), tenant, except, Infinity).sort(byDueAndKey);
      return first === undefined ? [] : [{ tenant, due: first.due }];
    }),
};

const others: Pick<Answers, 'removeOutbox' | 'writeOutbox' | 'readOutbox' | 'addTotals' | 'readArmed'> = {
  removeOutbox: (transaction, partition, through) => removeThrough(transaction, partition, 'outbox', through),
  writeOutbox: (transaction, partition, firstOffset, bytes) => {
    transaction.insert(transaction.tables(partition).outbox, firstOffset, bytes.slice());
    return [];
  },
  readOutbox: (transaction, partition) =>
    inOrder(transaction.tables(partition).outbox).map(([offset, bytes]) => ({
      first_offset: offset,
      bytes: bytes.slice(),
    })),
  addTotals: (transaction, partition, tenants, names, deltas) => {
    const { totals } = transaction.tables(partition);
    whole(deltas);
    tenants.forEach((tenant, row) => {
      const total = `${tenant}:${names[row] ?? ''}`;
      transaction.set(totals, total, (totals.get(total) ?? 0) + (deltas[row] ?? 0));
    });
    return [];
  },
  readArmed: (transaction, partition) => {
    let armed = 0;
    for (const [name, value] of transaction.tables(partition).totals) if (name.endsWith(':deadlines')) armed += value;
    return [{ armed }];
  },
};

export const ANSWERS: Answers = { ...ownership, ...states, ...deadlines, ...control, ...others };

function removeThrough(
  transaction: Transaction,
  partition: number,
  table: 'outbox' | 'stateLog',
  through: number,
): readonly never[] {
  const rows = transaction.tables(partition)[table];
  for (const offset of [...rows.keys()]) if (offset <= through) transaction.delete(rows, offset);
  return [];
}

interface Due {
  readonly key: string;
  readonly due: number;
}

const dueOf = (tables: PartitionTables, tenant: string, except: readonly string[], through: number): Due[] =>
  [...tables.deadlines]
    .filter(
      ([key, row]: readonly [string, DeadlineRow]) =>
        row.tenant === tenant && row.due <= through && !except.includes(key),
    )
    .map(([key, { due }]) => ({ key, due }));

const byDueAndKey = (a: Due, b: Due): number => a.due - b.due || compareBytes(a.key, b.key);

/** An upsert may meet a row only once. */
function once(keys: readonly string[]): void {
  if (new Set(keys).size < keys.length) throw refused('one key twice in one upsert');
}

function whole(numbers: readonly number[]): void {
  if (!numbers.every(Number.isSafeInteger)) throw refused('a number that is no integer');
}
