import { InvariantViolation } from '@perennial/values';
import { PartitionTables } from './tables';

/** Changes of tables that can be taken back. */
export class Transaction {
  private readonly undo: (() => void)[] = [];

  constructor(private readonly partitions: Map<number, PartitionTables>) {}

  tables(partition: number): PartitionTables {
    const known = this.partitions.get(partition);
    if (known !== undefined) return known;
    const tables = new PartitionTables();
    this.partitions.set(partition, tables);
    return tables;
  }

  set<Key, Row>(table: Map<Key, Row>, key: Key, row: Row): void {
    this.remember(table, key);
    table.set(key, row);
  }

  /** A key that is there already is refused. */
  insert<Key, Row>(table: Map<Key, Row>, key: Key, row: Row): void {
    if (table.has(key)) throw refused(`there is a row with key ${String(key)} already`);
    this.set(table, key, row);
  }

  delete<Key, Row>(table: Map<Key, Row>, key: Key): void {
    if (!table.has(key)) return;
    this.remember(table, key);
    table.delete(key);
  }

  rollback(): void {
    for (const undo of this.undo.reverse()) undo();
  }

  private remember<Key, Row>(table: Map<Key, Row>, key: Key): void {
    const had = table.has(key);
    const before = table.get(key) as Row;
    this.undo.push(() => {
      if (had) table.set(key, before);
      else table.delete(key);
    });
  }
}

/** What PostgreSQL refuses. */
export const refused = (what: string): InvariantViolation =>
  new InvariantViolation('STORE.REFUSED', `The fake database refused a statement: ${what}.`);
