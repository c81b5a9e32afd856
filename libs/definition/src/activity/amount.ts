import {
  MAX_AMOUNT,
  minorUnitExponent,
  toMinorUnits,
  toWholeNumber,
  type Json,
  type JsonObject,
} from '@perennial/values';
import type { AmountFlaw, Catalogued, Role, Sign } from '../compiled';
import type { ActivityRow } from './rows';

export type ReadAmount = (role: Role, properties: JsonObject) => Catalogued;

/** How a row reads its amount or quantity; null when it has neither. What cannot be used is left out, with the reason. */
export function amountReader(row: ActivityRow, currency: string | null): ReadAmount | null {
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

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
