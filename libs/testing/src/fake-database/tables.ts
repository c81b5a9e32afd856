import type { StateRow, TenantState } from '@perennial/engine';
import type { Instant, TenantId } from '@perennial/contracts';
import { StateRows } from '@perennial/engine';

export interface ProgressRow {
  readonly epoch: number;
  readonly nextOffset: number;
  readonly owner: string;
  readonly released: boolean;
}
export interface DeadlineRow {
  readonly tenant: TenantId;
  readonly due: Instant;
}

/** The rows of one partition, table by table. */
export class PartitionTables {
  /** One row, under this key. */
  readonly progress = new Map<'row', ProgressRow>();
  /** By first offset. */
  readonly stateLog = new Map<number, Uint8Array>();
  readonly customerState = new Map<string, StateRow>();
  readonly deadlines = new Map<string, DeadlineRow>();
  /** By first offset. */
  readonly outbox = new Map<number, Uint8Array>();
  /** By tenant: its state as JSON. */
  readonly tenantStates = new Map<string, string>();
  /** By `tenant:name`. */
  readonly totals = new Map<string, number>();

  get epoch(): number {
    return this.progress.get('row')?.epoch ?? 0;
  }

  get nextOffset(): number {
    return this.progress.get('row')?.nextOffset ?? 0;
  }

  get tenants(): ReadonlyMap<TenantId, TenantState> {
    const rows = [...this.tenantStates].sort(([a], [b]) => compareBytes(a, b));
    return new Map(rows.map(([tenant, json]) => [tenant as TenantId, JSON.parse(json) as TenantState]));
  }

  /** The newest state of each customer: in the log, or where that has none, in its row. */
  get states(): ReadonlyMap<string, StateRow> {
    const states = new Map(this.customerState);
    for (const [, bytes] of inOrder(this.stateLog)) for (const row of StateRows.read(bytes)) states.set(row.key, row);
    return states;
  }
}

export const inOrder = <Value>(rows: ReadonlyMap<number, Value>): (readonly [number, Value])[] =>
  [...rows].sort(([a], [b]) => a - b);

/** The order of PostgreSQL's collation "C"; JavaScript's own differs beyond the basic plane. */
export const compareBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
