import type { Activity } from '@perennial/contracts';
import type { Millis } from '@perennial/values';

/**
 * Roles an activity can have; closed, so that signals and folds can be checked at load. New ones are added at the end:
 * stored states hold times by the place of a role among those of the definition, which is in this order (docs/adr/0028).
 */
export const ROLES = [
  'purchase',
  'refund',
  'usage',
  'visit',
  'revenue-change',
  'complaint',
  'support',
  'feedback',
  'contract',
  'contact-change',
  'cost',
  'closure',
  'consent',
  'training',
  'seat-change',
] as const;
/** One of {@link ROLES}. */
export type Role = (typeof ROLES)[number];

/** What the catalogue made of an activity. */
export type Catalogued =
  | { readonly kind: 'uncatalogued' }
  | {
      readonly kind: 'catalogued';
      readonly role: Role;
      /**
       * Integer minor units of the definition's currency, or the count of a row with `quantity`; not below zero unless the row's
       * sign is `either`; null when the row reads neither or the activity carries none.
       */
      readonly amount: number | null;
      /** Why an amount that the row asks for was left out; null when all is well. */
      readonly flaw: AmountFlaw | null;
    };
export type AmountFlaw =
  | 'amount-missing'
  | 'amount-unreadable'
  | 'amount-out-of-range'
  /** Below zero where the row's `sign` says that amounts are above, or the other way round. */
  | 'amount-other-sign'
  | 'currency-mismatch';

/** How the source of a row writes its amounts: a refund of 50 as `50.00` or as `-50.00`, or changes that go either way. */
export const SIGNS = ['positive', 'negative', 'either'] as const;
/** One of {@link SIGNS}. */
export type Sign = (typeof SIGNS)[number];

/** What a sum is in: minor units of the definition's currency, or whole things such as seats. */
export type SumUnit = 'money' | 'count';

/** One field of the profile. `name` is how predicates spell it: `profile.<name>`. */
export type Field = { readonly name: string } & (
  | { readonly kind: 'count'; readonly roles: readonly Role[]; readonly occasionMs: Millis | null }
  | { readonly kind: 'sum'; readonly plus: readonly Role[]; readonly minus: readonly Role[]; readonly unit: SumUnit }
  | { readonly kind: 'gaps'; readonly roles: readonly Role[]; readonly occasionMs: Millis | null }
  | { readonly kind: 'decayed'; readonly roles: readonly Role[]; readonly halfLifeMs: Millis }
);

/** Values of fields as predicates see them: numbers, or for `gaps` an object {count, meanLog, spreadLog, typicalDays}. */
export type FieldValue =
  | number
  | { readonly count: number; readonly meanLog: number; readonly spreadLog: number; readonly typicalDays: number };

/** A type-checked CEL predicate. `fields` are the indexes of the profile fields it reads; only those need to be present. */
export interface Predicate {
  readonly source: string;
  readonly fields: readonly number[];
  readonly test: (profile: Readonly<Record<string, FieldValue>>) => boolean;
}

/** A signal, in the order of offering. `edge`: only a flip to on counts. `publish`: pulses become facts. */
export type Signal = { readonly name: string; readonly edge: boolean; readonly publish: boolean } & (
  | { readonly kind: 'level'; readonly when: Predicate; readonly until: Predicate | null }
  | { readonly kind: 'absent'; readonly roles: readonly Role[] | 'any'; readonly forMs: Millis }
  | { readonly kind: 'pulse'; readonly roles: readonly Role[]; readonly when: Predicate | null }
  | {
      readonly kind: 'crossing';
      readonly field: number;
      readonly direction: 'below' | 'above';
      readonly threshold: number;
    }
);

/**
 * A region: an XState machine config of states, `on` and `after` (delays in ms as numeric keys), history, nested and
 * parallel states; nothing else. Regions are machines of their own, since one evaluation moves each at most once.
 */
export interface Region {
  readonly name: string;
  readonly machine: MachineConfig;
}
export interface MachineConfig {
  readonly id: string;
  readonly initial: string;
  readonly states: Readonly<Record<string, StateConfig>>;
}
export interface StateConfig {
  readonly type?: 'parallel' | 'final' | 'history';
  readonly history?: 'shallow' | 'deep';
  readonly target?: string;
  readonly initial?: string;
  readonly description?: string;
  readonly states?: Readonly<Record<string, StateConfig>>;
  readonly on?: Readonly<Record<string, TransitionConfig>>;
  readonly after?: Readonly<Record<number, TransitionConfig>>;
}
export interface TransitionConfig {
  readonly target: string;
  readonly reenter?: boolean;
}

/**
 * label → the states of the stage region that have it, by their path from the stage on (`in-life`, `in-life.loyal`). Total and
 * disjoint: whatever states a customer is in, exactly one label applies (`labelOf`). A label without states is not observed.
 */
export type View = Readonly<Record<string, readonly string[]>>;
/** By name, in the order of the definition, as the labels of each view are. */
export type Views = Readonly<Record<string, View>>;

/** A definition, checked and ready to run. Immutable. */
export interface CompiledDefinition {
  readonly name: string;
  readonly version: number;
  readonly subject: 'customer' | 'account';
  /** ISO 4217; null when no row reads amounts of money. */
  readonly currency: string | null;
  /** How long after a move another accepted signal that is on is offered again. */
  readonly settleMs: Millis;
  /** How many recent activity ids a customer remembers: the window in which a repeat is known. */
  readonly recentIds: number;
  readonly fields: readonly Field[];
  readonly signals: readonly Signal[];
  /** The stage region first. */
  readonly regions: readonly [Region, ...Region[]];
  readonly views: Views;
  /** Roles that the catalogue gives, each once, in the order of ROLES. */
  readonly roles: readonly Role[];
  readonly catalogue: (activity: Activity) => Catalogued;
  /** Event names that rows of the catalogue state, in their order: what a misspelt one may have meant. */
  readonly events: readonly string[];
  /** The YAML it was compiled from. */
  readonly source: string;
}

/** A problem found in a definition. Lines and columns start at 1. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  /** Stable code, e.g. `DEFINITION.UNKNOWN_SIGNAL`. */
  readonly code: string;
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

export type Compiled =
  | { readonly ok: true; readonly definition: CompiledDefinition; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };
