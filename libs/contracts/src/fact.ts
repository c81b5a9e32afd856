import type { Cause } from './facts';
import type { CustomerId, Instant, TenantId } from '@perennial/values';
import type { Position } from './log-record';

/** What the engine states, before it is stamped with its place in the log. Instants in milliseconds. */
export type Fact = StageChangedFact | SignalFlip | CustomerStateFact;

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
export interface SignalFlip {
  readonly kind: 'signal';
  readonly cycle: string;
  readonly signal: string;
  readonly change: 'on' | 'off' | 'pulse';
  readonly occurredAt: Instant;
  readonly activityId: string | null;
}
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
