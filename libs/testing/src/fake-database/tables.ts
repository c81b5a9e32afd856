import { type ClockPosition, type PublishedDefinition, type TenantState } from '@perennial/engine';
import { type StateRow, StateRows } from '@perennial/processor';
import type { Instant, TenantId } from '@perennial/values';

export interface ProgressRow {
  readonly epoch: number;
  readonly nextOffset: number;
  readonly owner: string;
  readonly released: boolean;
}
export interface DefinitionRow extends PublishedDefinition {
  readonly tenant: string;
  readonly place: number;
  /** JSON. */
  readonly source: string;
}
export interface ClockRow extends Omit<ClockPosition, 'tenant'> {
  /** Empty: all live tenants. */
  readonly tenant: string;
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
  /** By tenant; JSON. */
  readonly tenantSettings = new Map<string, { readonly source: string; readonly bootstrap: string }>();
  /** By `tenant:place`. */
  readonly definitions = new Map<string, DefinitionRow>();
  /** By tenant: its newest event time. */
  readonly tenantClocks = new Map<string, Instant>();
  /** By `processor:tenant`. */
  readonly clocks = new Map<string, ClockRow>();
  /** Numbers of commands. */
  readonly commands = new Map<number, 'obeyed'>();
  /** By `tenant:name`. */
  readonly totals = new Map<string, number>();

  get epoch(): number {
    return this.progress.get('row')?.epoch ?? 0;
  }

  get nextOffset(): number {
    return this.progress.get('row')?.nextOffset ?? 0;
  }

  get tenants(): ReadonlyMap<TenantId, TenantState> {
    const rows = [...this.tenantSettings].sort(([a], [b]) => compareBytes(a, b));
    return new Map(
      rows.map(([name, { source, bootstrap }]) => {
        const tenant = name as TenantId;
        const state: TenantState = {
          tenant,
          source: JSON.parse(source) as TenantState['source'],
          bootstrap: JSON.parse(bootstrap) as TenantState['bootstrap'],
          newestAt: this.tenantClocks.get(name) ?? null,
          definitions: this.definitionsOf(name),
        };
        return [tenant, state];
      }),
    );
  }

  /** In the order in which they were published. */
  definitionsOf(tenant: string): readonly PublishedDefinition[] {
    return [...this.definitions.values()]
      .filter((row) => row.tenant === tenant)
      .sort((a, b) => a.place - b.place)
      .map(({ source, author, reason, publishedAt }) => ({
        source: JSON.parse(source) as string,
        author,
        reason,
        publishedAt,
      }));
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
