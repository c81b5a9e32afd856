import { InvariantViolation } from '@perennial/values';
import type { FieldValue } from '../compiled';

/** What a `gaps` field has. */
export const GAP_PARTS = ['count', 'meanLog', 'spreadLog', 'typicalDays'] as const;
type GapPart = (typeof GAP_PARTS)[number];

/** The values of the fields that a predicate reads. */
export type Profile = Readonly<Record<string, FieldValue>>;
type ToNumber = (profile: Profile) => number;
type ToTruth = (profile: Profile) => boolean;

/** A part of an expression, type-checked: it yields numbers or truth values, never anything else. */
export type Term = NumberTerm | TruthTerm;
export interface NumberTerm {
  readonly type: 'number';
  readonly of: ToNumber;
}
export interface TruthTerm {
  readonly type: 'truth';
  readonly of: ToTruth;
}

export const number = (of: ToNumber): NumberTerm => ({ type: 'number', of });
export const truth = (of: ToTruth): TruthTerm => ({ type: 'truth', of });

export function fieldTerm(name: string): NumberTerm {
  return number((profile) => {
    const value = profile[name];
    return typeof value === 'number' ? value : missing(name);
  });
}

export function gapTerm(name: string, part: GapPart): NumberTerm {
  return number((profile) => {
    const value = profile[name];
    return typeof value === 'object' ? value[part] : missing(name);
  });
}

function missing(name: string): never {
  const message = `The field "${name}" is not in the profile given to a predicate that reads it. Pass all its fields.`;
  throw new InvariantViolation('DEFINITION.FIELD_NOT_GIVEN', message);
}

/** Operators on two numbers. Division follows IEEE 754: by zero it gives an infinity or NaN, and never fails. */
export const ON_NUMBERS = {
  '<': (a: ToNumber, b: ToNumber) => truth((profile) => a(profile) < b(profile)),
  '<=': (a: ToNumber, b: ToNumber) => truth((profile) => a(profile) <= b(profile)),
  '>': (a: ToNumber, b: ToNumber) => truth((profile) => a(profile) > b(profile)),
  '>=': (a: ToNumber, b: ToNumber) => truth((profile) => a(profile) >= b(profile)),
  '+': (a: ToNumber, b: ToNumber) => number((profile) => a(profile) + b(profile)),
  '-': (a: ToNumber, b: ToNumber) => number((profile) => a(profile) - b(profile)),
  '*': (a: ToNumber, b: ToNumber) => number((profile) => a(profile) * b(profile)),
  '/': (a: ToNumber, b: ToNumber) => number((profile) => a(profile) / b(profile)),
} as const;

/** Operators on two truth values. No term can fail, so the order in which the sides are asked does not matter. */
export const ON_TRUTHS = {
  '&&': (a: ToTruth, b: ToTruth) => truth((profile) => a(profile) && b(profile)),
  '||': (a: ToTruth, b: ToTruth) => truth((profile) => a(profile) || b(profile)),
} as const;

/** Operators on two values of one type. */
export const ON_EQUALS = {
  '==': (a: Term['of'], b: Term['of']) => truth((profile) => a(profile) === b(profile)),
  '!=': (a: Term['of'], b: Term['of']) => truth((profile) => a(profile) !== b(profile)),
} as const;

export function not({ of }: TruthTerm): TruthTerm {
  return truth((profile) => !of(profile));
}

export function negative({ of }: NumberTerm): NumberTerm {
  return number((profile) => -of(profile));
}

/** `condition ? yes : no`, with both branches of one type. */
export function branch({ of: condition }: TruthTerm, yes: Term, no: Term): Term | null {
  if (yes.type === 'number' && no.type === 'number') {
    return number((profile) => (condition(profile) ? yes.of(profile) : no.of(profile)));
  }
  if (yes.type === 'truth' && no.type === 'truth') {
    return truth((profile) => (condition(profile) ? yes.of(profile) : no.of(profile)));
  }
  return null;
}

/** `value in [items]`, all of one type. */
export function among({ of }: Term, items: readonly Term[]): TruthTerm {
  return truth((profile) => {
    const value = of(profile);
    return items.some((item) => item.of(profile) === value);
  });
}

/** A literal; whole numbers are doubles like all others. Null for what predicates cannot use. */
export function literalTerm(value: unknown): Term | null {
  if (typeof value === 'boolean') return truth(() => value);
  const double = toDouble(value);
  return double === null ? null : number(() => double);
}

/** A number that a double holds exactly, or one that was written as a double. */
export function toDouble(value: unknown): number | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'bigint') return null;
  const double = Number(value);
  return Number.isSafeInteger(double) ? double : null;
}
