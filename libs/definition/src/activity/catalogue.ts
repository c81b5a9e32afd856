import type { Activity, ActivityType } from '@perennial/contracts';
import {
  isObject,
  type Json,
  type JsonObject,
  MAX_AMOUNT,
  minorUnitExponent,
  toMinorUnits,
  toWholeNumber,
} from '@perennial/values';
import type { AmountFlaw, Catalogued, Role, Sign } from '../compiled';
import type { Problems } from '../problems';
import type { ActivityRow } from './rows';

interface Match {
  readonly role: Role;
  readonly readAmount: ReadAmount | null;
  /** What it makes of an activity where it reads no amount. */
  readonly plain: Catalogued;
}

const UNCATALOGUED: Catalogued = { kind: 'uncatalogued' };

/**
 * The first row that matches an activity decides. Only `track` activities have an event name, so a row is looked up by
 * its event, or else by its type: two steps, however many rows there are. A row whose place is taken is an error.
 */
export class Catalogue {
  private readonly byEvent = new Map<string, Match>();
  private readonly byType = new Map<ActivityType, Match>();

  constructor(rows: readonly ActivityRow[], currency: string | null, problems: Problems) {
    for (const row of rows) {
      if (row.role === undefined) continue;
      const role = row.role.value;
      const plain = { kind: 'catalogued', role, amount: null, flaw: null } as const;
      const match = { role, readAmount: amountReader(row, currency), plain };
      if (!this.claim(row, match)) problems.error('DEFINITION.UNREACHABLE_ROW', row.at, unreachable(row));
    }
  }

  /** Hot path: runs for every activity. */
  readonly lookup = (activity: Activity): Catalogued => {
    const named = activity.event === null ? undefined : this.byEvent.get(activity.event);
    const match = named ?? this.byType.get(activity.type);
    if (match === undefined) return UNCATALOGUED;
    const { role, readAmount, plain } = match;
    return readAmount === null ? plain : readAmount(role, activity.properties);
  };

  /** False when an earlier row matches all that this one does. */
  private claim(row: ActivityRow, match: Match): boolean {
    const event = row.event?.value;
    const type = row.type?.value;
    if (event === undefined) {
      if (type === undefined) return true;
      if (this.byType.has(type)) return false;
      this.byType.set(type, match);
      return true;
    }
    if (this.byType.has('track') || this.byEvent.has(event)) return false;
    this.byEvent.set(event, match);
    return true;
  }
}

function unreachable(row: ActivityRow): string {
  const matched = row.event === undefined ? `type ${String(row.type?.value)}` : `the event "${row.event.value}"`;
  return `An earlier row already takes ${matched}, and the first row wins. Remove this row or move it up.`;
}

type ReadAmount = (role: Role, properties: JsonObject) => Catalogued;

/** How a row reads its amount or quantity; null when it has neither. What cannot be used is left out, with the reason. */
function amountReader(row: ActivityRow, currency: string | null): ReadAmount | null {
  const source = sourceOf(row, currency);
  if (source === null) return null;
  const { path, toAmount } = source;
  const currencyPath = row.currency === undefined ? null : pathBelowProperties(row.currency.value);
  const sign = row.sign?.value ?? 'positive';
  return (role, properties) => {
    const stated = currencyPath === null ? undefined : valueAt(properties, currencyPath);
    if (!isCurrency(stated, currency)) return flawed(role, 'currency-mismatch');
    const value = valueAt(properties, path);
    if (value === undefined || value === null) return flawed(role, 'amount-missing');
    const amount = toAmount(value);
    if (amount === null) return flawed(role, 'amount-unreadable');
    if (!(Math.abs(amount) <= MAX_AMOUNT)) return flawed(role, 'amount-out-of-range');
    if (hasOtherSign(amount, sign)) return flawed(role, 'amount-other-sign');
    return { kind: 'catalogued', role, amount: sign === 'negative' ? 0 - amount : amount, flaw: null };
  };
}

/** Where a row's amount or quantity stands, and how its text becomes an integer (null: it does not). */
interface AmountSource {
  readonly path: readonly string[];
  readonly toAmount: (value: Json) => number | null;
}

function sourceOf({ amount, quantity }: ActivityRow, currency: string | null): AmountSource | null {
  // Half a seat is a mistake of the source, which rounding would hide.
  if (quantity !== undefined) return { path: pathBelowProperties(quantity.value), toAmount: toWholeNumber };
  const exponent = currency === null ? null : minorUnitExponent(currency);
  if (amount === undefined || exponent === null) return null;
  return { path: pathBelowProperties(amount.value), toAmount: (value) => toMinorUnits(value, exponent) };
}

/** A refund of -50 where refunds are written as 50 would be subtracted twice over: it is left out instead of guessed at. */
function hasOtherSign(amount: number, sign: Sign): boolean {
  return sign === 'positive' ? amount < 0 : sign === 'negative' && amount > 0;
}

/** An activity that states no currency is taken to be in the definition's. */
function isCurrency(stated: Json | undefined, currency: string | null): boolean {
  if (stated === undefined || stated === null || stated === currency) return true;
  return typeof stated === 'string' && stated.toUpperCase() === currency;
}

function flawed(role: Role, flaw: AmountFlaw): Catalogued {
  return { kind: 'catalogued', role, amount: null, flaw };
}

function pathBelowProperties(text: string): readonly string[] {
  const steps = text.slice('event.properties'.length).matchAll(/\.([^.[]+)|\["([^"]+)"\]|\['([^']+)'\]/g);
  return [...steps].map(([, plain, double, single]) => plain ?? double ?? single ?? '');
}

/** Own properties only: an activity's properties are foreign data, and names such as `constructor` are inherited. */
function valueAt(properties: JsonObject, path: readonly string[]): Json | undefined {
  let value: Json | undefined = properties;
  for (const key of path) {
    if (!isObject(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}
