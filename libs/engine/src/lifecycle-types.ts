import type { Emission } from '@perennial/contracts';
import type { CustomerState } from '@perennial/lifecycle';
import type { Batch } from '@perennial/processor';
import type { EngineChange, EngineHeld } from './control-state';
import type { BatchCounters } from './counters';
import type { OutboxWriter } from './outbox/write-outbox';
import type { Received, ReceivedClock } from './receive';

/** What the engine fills the processor with. */
export interface Lifecycle {
  readonly State: CustomerState;
  readonly Input: Received;
  readonly Clock: ReceivedClock;
  readonly Held: EngineHeld;
  readonly Change: EngineChange;
  readonly Outbox: OutboxWriter;
  readonly Entry: Emission;
  readonly Counters: BatchCounters;
}

/** The micro-batch that handlers write states, facts and counters into. */
export type LifecycleBatch = Batch<Lifecycle>;
