import type { Json } from './json';

/** Amounts beyond this many minor units, either way, are out of range. */
export const MAX_AMOUNT = 1e12;

/** ISO 4217 currencies that do not have two digits after the point. */
const EXPONENTS: ReadonlyMap<string, number> = new Map([
  ...[
    'BIF',
    'CLP',
    'DJF',
    'GNF',
    'ISK',
    'JPY',
    'KMF',
    'KRW',
    'PYG',
    'RWF',
    'UGX',
    'UYI',
    'VND',
    'VUV',
    'XAF',
    'XOF',
    'XPF',
  ].map((code) => [code, 0] as const),
  ...['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'].map((code) => [code, 3] as const),
  ...['CLF', 'UYW'].map((code) => [code, 4] as const),
]);
/** Longer texts are no amounts: no price is written so, and reading one takes time. */
const MAX_CHARACTERS = 1_000;
/** A power of ten at which no digits of an amount matter any more: all of them give infinity, or zero. */
const MAX_POWER = 2 * MAX_CHARACTERS;
const CURRENCY = /^[A-Z]{3}$/;
const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/** Digits after the point of an ISO 4217 currency; null when the code is not three capital letters. */
export function minorUnitExponent(currency: string): number | null {
  return CURRENCY.test(currency) ? (EXPONENTS.get(currency) ?? 2) : null;
}

/**
 * An amount as an integer number of minor units, exact: numbers count as their shortest decimal text, strings as
 * written. More digits than `exponent` are rounded half away from zero. Null when it is no finite decimal number, or
 * longer than {@link MAX_CHARACTERS}; never NaN. Beyond {@link MAX_AMOUNT} the result is only sure to lie beyond it too,
 * and may be infinite; the caller refuses it.
 */
export function toMinorUnits(amount: Json | undefined, exponent: number): number | null {
  if (typeof amount === 'number') {
    const scaled = Math.round(amount * 10 ** exponent);
    // A decimal of at most 15 digits that reads back as the number is its shortest text: no text needed.
    if (Math.abs(scaled) <= 1e15 && scaled / 10 ** exponent === amount) return scaled + 0;
    return decimalToMinorUnits(String(amount), exponent);
  }
  return typeof amount === 'string' ? decimalToMinorUnits(amount, exponent) : null;
}

/** A whole number of things, exact as {@link toMinorUnits}; null when what is written has a fraction, however small. */
export function toWholeNumber(amount: Json | undefined): number | null {
  return (typeof amount === 'number' || typeof amount === 'string') && hasFraction(String(amount))
    ? null
    : toMinorUnits(amount, 0);
}

/** Of the digits as they are written: a number of the machine may have lost what makes the difference. */
function hasFraction(text: string): boolean {
  if (text.length > MAX_CHARACTERS) return false;
  const [, , whole = '', fraction = '', power = '0'] = DECIMAL.exec(text) ?? [];
  return /[1-9]/.test((whole + fraction).slice(Math.max(0, whole.length + Number(power))));
}

function decimalToMinorUnits(text: string, exponent: number): number | null {
  if (text.length > MAX_CHARACTERS) return null;
  const parts = DECIMAL.exec(text);
  if (parts === null) return null;
  const [, sign = '', whole = '', fraction = '', power = '0'] = parts;
  const digits = whole + fraction;
  if (digits === '') return null;
  const magnitude = shiftRounded(digits, boundedPower(power) + exponent - fraction.length);
  return sign === '-' ? 0 - magnitude : magnitude;
}

/** Of any number of digits; one beyond the bound would be written with an exponent of its own, which no text may have twice. */
function boundedPower(text: string): number {
  return Math.max(-MAX_POWER, Math.min(MAX_POWER, Number(text)));
}

/** `digits` × 10^shift, rounded half up to an integer. Reading decimal text is exact up to 2^53, multiplying is not. */
function shiftRounded(digits: string, shift: number): number {
  if (shift >= 0) return Number(`${digits}e${shift}`);
  const kept = digits.length + shift;
  if (kept < 0) return 0;
  return Number(digits.slice(0, kept)) + (digits.charAt(kept) >= '5' ? 1 : 0);
}

/** Minor units as decimal text with the currency's digits, e.g. `-12.50 GBP`. */
export function formatMinorUnits(amount: number, currency: string): string {
  const exponent = minorUnitExponent(currency) ?? 2;
  const digits = String(Math.abs(amount)).padStart(exponent + 1, '0');
  const point = digits.length - exponent;
  const text = exponent === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
  return `${amount < 0 ? '-' : ''}${text} ${currency}`;
}
