/**
 * What a service does with its inputs, for one claimed partition. The processor calls a handler, and never the other way round.
 *
 * A handler is synchronous and has no side effects but on its own memory and on the micro-batch: it reads no clock, no store and
 * no log, so that what it makes of a partition is a function of the partition's records.
 */
import type { ClockNumber, LogRecord, OutRecord, Poison, Processor, ReadKey } from '@perennial/contracts';
import type { Instant, TenantId } from '@perennial/values';
import type { MicroBatch } from './micro-batch';
import type { OutboxReader, OutboxWriter } from './outbox/blob';
import type { DueDeadline, DueQuery, EarliestQuery } from './ports';
import type { StateCodec } from './state-rows';

/** The types that a service fills the processor with. */
export interface ServiceTypes {
  /** The state of one customer, deserialized. */
  readonly State: object;
  /** What a record asks for, but for clock records that fire. */
  readonly Input: { readonly kind: string };
  /** A clock record that fires deadlines. */
  readonly Clock: { readonly kind: 'clock' };
  /** What a claim brings beside the processor's own. */
  readonly Held: object;
  /** What a commit changes of it. */
  readonly Change: object;
  readonly Outbox: OutboxWriter;
  /** What the outbox holds, as the publisher takes it; clock records are published as records. */
  readonly Entry: unknown;
  /** What is counted of one micro-batch. */
  readonly Counters: object;
}

/** The micro-batch of a service. */
export type Batch<S extends ServiceTypes> = MicroBatch<S['State'], S['Outbox'], S['Counters']>;

/** One partition of a service, from claim to release. Errors that a method throws stop the partition. */
export interface Handler<S extends ServiceTypes> extends StateCodec<S['State']> {
  /** The partition's; a micro-batch writes into it once the one before has been finished. */
  readonly outbox: S['Outbox'];
  readonly clocks: TenantClocks;
  /** Counters of the micro-batch that begins. */
  count(): S['Counters'];
  /** What a record asks for. May be called twice for a clock record: what came before it is committed first. */
  receive(record: LogRecord, key: ReadKey | Poison): S['Input'] | S['Clock'];
  /** Handles an input whose customer is resolved in `batch.customers`. Returns how many evaluations that took. */
  handle(batch: Batch<S>, record: LogRecord, input: S['Input']): number;
  /** A clock record was read and everything before it is committed: which deadlines it fires. Null: none. */
  due(batch: Batch<S>, record: LogRecord, clock: S['Clock']): DueRequest | null;
  /** Fires what is due, in this order; the customers are resolved. Returns how many evaluations that took. */
  fire(batch: Batch<S>, record: LogRecord, clock: S['Clock'], due: readonly DueDeadline[]): number;
  /** What the inputs since the last call changed of what is kept with the progress. */
  takeChange(counters: S['Counters']): S['Change'];
  /** A micro-batch is committed. Tells the service's observers. */
  committed(counters: S['Counters']): void;
}

/** Which deadlines a clock record fires. */
export interface DueRequest {
  /** One of each tenant that the clock record speaks to. */
  readonly queries: readonly DueQuery[];
  /** Most deadlines that are fired. Facts depend on it, so it is the same for all processes of an installation. */
  readonly limit: number;
}

/** What a handler knows of its tenants' time, and of the clock records of its partition. */
export interface TenantClocks {
  /** The name under which this service numbers its clock records. */
  readonly processor: Processor;
  /** Tenants whose deadlines wall time brings. */
  live(): readonly EarliestQuery[];
  /** The wall time at which a live tenant's clock reaches an instant; null: never by itself. */
  wallTime(tenant: TenantId, at: Instant): Instant | null;
  /** The number of the newest clock record of `processor` that was read; null: none. */
  newestRead(): ClockNumber | null;
  /** A signed clock record for all live tenants. */
  record(at: Instant, number: ClockNumber): OutRecord;
}

/** Made for each claim, of what the claim found. */
export type CreateHandler<S extends ServiceTypes> = (partition: number, held: S['Held']) => Handler<S>;

/** Reads a blob of the service's outbox. Throws `InvariantViolation` for a format that this release does not know. */
export type ReadOutbox<S extends ServiceTypes> = (bytes: Uint8Array) => OutboxReader<S['Entry']>;
