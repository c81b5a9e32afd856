/** What a partition knows beside its customers: a function of the commands and clock records in its log, kept with the progress. */
import type { ClockNumber, TimeSource } from '@perennial/contracts';
import type { Claim, Commit, PartitionSession, PartitionStore } from '@perennial/processor';
import type { Instant, TenantId } from '@perennial/values';
import type { TotalChange } from './counters';

/** What a partition knows of a tenant. */
export interface TenantState {
  readonly tenant: TenantId;
  readonly source: TimeSource;
  readonly bootstrap: Bootstrap;
  /** Oldest first; the last one is what new customers enter. */
  readonly definitions: readonly PublishedDefinition[];
  /** Newest event time taken (tenant's time), of `offset` tenants; null before the first. */
  readonly newestAt: Instant | null;
}

/** A definition in service, as the command that published it said. */
export interface PublishedDefinition {
  /** YAML, up to 256 KiB. */
  readonly source: string;
  /** Null: the command names none. */
  readonly author: string | null;
  /** Null: the command gives none. */
  readonly reason: string | null;
  /** Append time of the command in this partition; null: it was read by a release that did not keep it. */
  readonly publishedAt: Instant | null;
}

/** Whether a tenant is under import: not, as a whole, or these customers of it. */
export type Bootstrap =
  | { readonly kind: 'off' }
  | { readonly kind: 'all' }
  | { readonly kind: 'customers'; readonly customers: readonly string[] };

/** What a micro-batch changed of a tenant; the store leaves as it is what is left out. */
export type TenantChange = Pick<TenantState, 'tenant'> & {
  /** Those published since the last commit: they follow the stored ones. */
  readonly definitions?: TenantState['definitions'];
  readonly newestAt?: Instant | null;
} & (Pick<TenantState, 'source' | 'bootstrap'> | { readonly source?: never; readonly bootstrap?: never });

/** The newest clock record of a processor: older and repeated ones have no effect. */
export interface ClockPosition extends ClockNumber {
  /** The tenant it was for; null: all live ones. */
  readonly tenant: TenantId | null;
  /** The latest time that took effect: wall time of live ones, else the tenant's time; null: none did. */
  readonly at: Instant | null;
}

/** Numbers of clock records and commands that were obeyed. */
export interface UsedNumberState {
  /** One of each processor and tenant. */
  readonly clocks: readonly ClockPosition[];
  /** The greatest of commands, at most 1,000, in any order. */
  readonly commands: readonly number[];
}

/** What a micro-batch changed of {@link UsedNumberState}. */
export interface UsedNumberChange extends UsedNumberState {
  /** Numbers of commands below this are not kept any more; null: all are. */
  readonly commandsFrom: number | null;
}

/** What the engine keeps with a partition's progress, as a claim finds it. */
export interface EngineHeld {
  readonly tenants: readonly TenantState[];
  readonly numbers: UsedNumberState;
}

/** What a commit changes of {@link EngineHeld}; `totals` are added up. */
export interface EngineChange {
  readonly tenants: readonly TenantChange[];
  readonly numbers: UsedNumberChange;
  readonly totals: readonly TotalChange[];
}

/** The engine's database. */
export type EngineStore = PartitionStore<EngineHeld, EngineChange>;
/** One claim of a partition in it. */
export type EngineSession = PartitionSession<EngineHeld, EngineChange>;
/** What a claim finds. */
export type EngineClaim = Claim & EngineHeld;
/** What one transaction writes of a micro-batch. */
export type EngineCommit = Commit & EngineChange;
