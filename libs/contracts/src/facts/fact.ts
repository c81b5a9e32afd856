import type { CustomerId, Instant, TenantId } from '@perennial/values';
import { z } from 'zod';
import type { Position } from '../record';

/** What the engine states, before it is stamped with its place in the log. Instants in milliseconds. */
export type Fact = StageChangedFact | SignalFlip | CustomerStateFact;

/** A move of one region, in memory; {@link StageChanged} on the wire. `path` is `from → to` of whole state paths. */
export interface StageChangedFact {
  readonly kind: 'stage-changed';
  readonly cycle: string;
  readonly region: string;
  readonly sequence: number;
  readonly from: string | null;
  readonly to: string;
  readonly path: string;
  readonly occurredAt: Instant;
  readonly cause: Cause;
  readonly previousStageEnteredAt: Instant | null;
}
/** A signal that turned on or off, or a published pulse, in memory; {@link SignalFact} on the wire. */
export interface SignalFlip {
  readonly kind: 'signal';
  readonly cycle: string;
  readonly signal: string;
  readonly change: 'on' | 'off' | 'pulse';
  readonly occurredAt: Instant;
  readonly activityId: string | null;
}
/** Where a customer stands, in memory; {@link StateFact} on the wire. `since`: when the stage was entered. */
export interface CustomerStateFact {
  readonly kind: 'state';
  readonly cycle: string;
  readonly stage: string;
  readonly since: Instant;
}

/** What all facts of one customer and input share. */
export interface Stamp {
  readonly tenant: TenantId;
  readonly customer: CustomerId;
  /** The causing input. */
  readonly position: Position;
  /** The broker's append time of the input. */
  readonly decidedAt: Instant;
  readonly mode: 'live' | 'history';
  readonly definition: { readonly name: string; readonly version: number };
}

/** All instants of facts are RFC 3339 in UTC with milliseconds. */
const instant = z.iso.datetime({ precision: 3 });
const customer = z.string().min(1);
/** `partition:offset` of the input that caused it. */
const stateVersion = z.string().regex(/^\d+:\d+$/);
const mode = z.enum(['live', 'history']);
const definition = z.strictObject({ name: z.string(), version: z.number().int().positive() });

/** What moves a customer. Their numbers are in stored bytes: new ones go to the end. */
export const CAUSE_KINDS = ['entry', 'activity', 'deadline', 'after', 'settle', 'command'] as const;

/** Why a customer moved: see {@link CAUSE_KINDS}. */
const causeSchema = z.strictObject({
  kind: z.enum(CAUSE_KINDS),
  /** The signal that moved the customer; null for entry, after and command. */
  signal: z.string().nullable(),
  /** Only for entry and activity. */
  activityId: z.string().nullable(),
});
/** Why a customer moved, in memory and on the wire. */
export type Cause = z.output<typeof causeSchema>;

/** A contiguous group of new sequences that replaces older ones. */
const correctionSchema = z.strictObject({
  group: stateVersion,
  index: z.number().int().nonnegative(),
  of: z.number().int().positive(),
  replaces: z.array(z.number().int().positive()),
  retracted: z.boolean(),
});

/** Every move of the stage region and of other regions, entries included. */
export const stageChangedSchema = z.strictObject({
  customer,
  cycle: z.string(),
  region: z.string(),
  /** Gap-free per customer and cycle, over all regions; starts at 1. */
  sequence: z.number().int().positive(),
  /** Null for an entry. */
  from: z.string().nullable(),
  to: z.string(),
  path: z.string(),
  occurredAt: instant,
  decidedAt: instant,
  mode,
  cause: causeSchema,
  definition,
  correction: correctionSchema.nullable(),
  previousStageEnteredAt: instant.nullable(),
  stateVersion,
});
/** Value of a record of `lifecycle.customer.stage-changed.v1`, parsed. */
export type StageChanged = z.output<typeof stageChangedSchema>;

/** A flip of a signal, or a pulse of a signal with `publish: true`. */
export const signalFactSchema = z.strictObject({
  customer,
  cycle: z.string(),
  signal: z.string(),
  change: z.enum(['on', 'off', 'pulse']),
  occurredAt: instant,
  decidedAt: instant,
  mode,
  /** The activity of this instant; null when a deadline flipped the signal. */
  activityId: z.string().nullable(),
  definition,
  stateVersion,
});
/** Value of a record of `lifecycle.customer.signal.v1`, parsed. */
export type SignalFact = z.output<typeof signalFactSchema>;

/** Compacted: where a customer stands. Readers keep the greatest version (by offset within the partition). */
export const stateFactSchema = z.strictObject({
  customer,
  cycle: z.string(),
  stage: z.string(),
  band: z.enum(['low', 'watch', 'high', 'critical']).nullable(),
  tier: z.string().nullable(),
  since: instant,
  definition,
  version: stateVersion,
});
/** Value of a record of `lifecycle.customer.state.v1`, parsed. */
export type StateFact = z.output<typeof stateFactSchema>;
