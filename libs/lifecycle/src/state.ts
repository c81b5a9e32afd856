import type { Cause } from '@perennial/contracts';
import type { Instant } from '@perennial/values';
import type { ArmedTimer, Configuration } from './statechart';
import type { ByteSlice } from '@perennial/codec';

/** Everything the engine knows of a customer's main cycle. `decide` copies it, `decideInPlace` changes it. */
export interface CustomerState {
  /** Version of the definition the customer is in. */
  readonly definition: number;
  /** Event time of the activity that entered the customer. */
  readonly firstAt: Instant;
  /** Newest event time as producers stated it; what is later cannot be a repeat. */
  readonly newestStatedAt: Instant;
  /** The later of the newest activity and the last fired deadline; what is earlier is late. */
  readonly horizon: Instant;
  /** Of the last `stage-changed` fact. */
  readonly sequence: number;
  /** The profile: the slots of all fields, in order (see `folds/fold.ts`). */
  readonly slots: readonly number[];
  /** By role index of the plan: newest event time, or NO_INSTANT. */
  readonly lastAt: readonly Instant[];
  /** By signal index: on or off. */
  readonly on: readonly boolean[];
  /** The stage region first. */
  readonly regions: readonly RegionState[];
  readonly settleAt: Instant | null;
  /** Due time of the stored deadline row; at or before the earliest true deadline. */
  readonly armed: Instant | null;
  readonly recent: RecentIds;
  /** The last move of the stage region, entries included; as it was packed until somebody asks (`lastMove`), which is seldom. */
  readonly why: LastMove | ByteSlice;
  /** Made more moves in one input than the engine allows: folds on, moves no more. */
  readonly parked: boolean;
}

export interface RegionState {
  readonly configuration: Configuration;
  /** When the top-level state was entered. */
  readonly enteredAt: Instant;
  readonly timers: readonly ArmedTimer[];
}

/** Recent activity ids, as 53-bit hashes, each with the time its producer stated; the oldest by arrival first. */
export interface RecentIds {
  /** Those that are packed: hash and time of each, eight bytes each. */
  readonly kept: ByteSlice;
  /** Hash and time of each in turn: came since it was packed. */
  readonly added: readonly number[];
  /** Newest stated time among ids that made room for others; what is later is not among them. */
  readonly forgottenThrough: Instant;
}

export interface LastMove {
  readonly sequence: number;
  readonly from: string | null;
  readonly to: string;
  readonly occurredAt: Instant;
  readonly cause: Cause;
}

/** A state that one decision may change. */
export type Draft = { -readonly [K in keyof CustomerState]: Drafted<CustomerState[K]> };
type Drafted<T> = T extends readonly (infer E)[] ? E[] : T;

/** Copies what a decision changes in place; the rest is shared. */
export function copyOf(state: CustomerState): Draft {
  return {
    ...state,
    slots: state.slots.slice(),
    lastAt: state.lastAt.slice(),
    on: state.on.slice(),
    regions: state.regions.slice(),
    recent: { ...state.recent, added: state.recent.added.slice() },
  };
}
