/** What numbers of the profile are expected to be, in the numbers that it keeps. */
import { formatMinorUnits, minorUnitExponent, toMinorUnits } from '@perennial/values';
import { quote, type Field } from '@perennial/definition';
import type { Range } from '../check/profile';
import type { TestProblems } from '../problems';
import type { WrittenBound, WrittenNumber } from '../shape/field-shape';

const AMOUNT = /^(-?\d+(?:\.\d+)?) ([A-Z]{3})$/;

const isMoney = (field: Field): boolean => field.kind === 'sum' && field.unit === 'money';

export class RangeCompiler {
  constructor(
    /** Of the definition. */
    private readonly currency: string | null,
    private readonly problems: TestProblems,
  ) {}

  /** Null after reporting what is wrong. */
  compile(field: Field, written: WrittenNumber): Range | null {
    if (written.form === 'exactly') return this.exactly(field, written.bound);
    const { about, within, atLeast, atMost, at } = written;
    if (about !== undefined || within !== undefined) {
      if (atLeast !== undefined || atMost !== undefined) return this.conflict(at);
      if (about === undefined || within === undefined) return this.missing(at, 'about and within go together');
      return this.around(field, about, within);
    }
    if (atLeast === undefined && atMost === undefined)
      return this.missing(at, 'write about and within, or atLeast, atMost or both');
    return this.between(field, atLeast, atMost, at);
  }

  private exactly(field: Field, bound: WrittenBound): Range | null {
    const value = this.number(field, bound);
    if (value === null) return null;
    if (field.kind === 'sum' && !Number.isInteger(value)) {
      const kept = isMoney(field) ? 'whole minor units' : 'whole numbers';
      const remedy = isMoney(field) ? this.inMinorUnits(value) : '';
      const message = `The sum "${field.name}" is kept in ${kept}, so it is never ${value}${remedy}.`;
      return this.never(bound.at, message);
    }
    return { least: value, most: value, text: this.show(field, value) };
  }

  private around(field: Field, about: WrittenBound, within: WrittenBound): Range | null {
    const middle = this.number(field, about);
    const distance = this.number(field, within);
    if (middle === null || distance === null) return null;
    if (distance < 0) return this.never(within.at, 'Nothing is within less than 0.');
    const text = `${this.show(field, middle)} within ${this.show(field, distance)}`;
    return { least: middle - distance, most: middle + distance, text };
  }

  private between(
    field: Field,
    atLeast: WrittenBound | undefined,
    atMost: WrittenBound | undefined,
    at: number,
  ): Range | null {
    const least = atLeast === undefined ? -Infinity : this.number(field, atLeast);
    const most = atMost === undefined ? Infinity : this.number(field, atMost);
    if (least === null || most === null) return null;
    if (least > most) return this.never(at, 'No number is at least the one and at most the other.');
    const texts = [
      ...(atLeast === undefined ? [] : [`at least ${this.show(field, least)}`]),
      ...(atMost === undefined ? [] : [`at most ${this.show(field, most)}`]),
    ];
    return { least, most, text: texts.join(', ') };
  }

  /** A number as it is, an amount in the minor units of the definition's currency. */
  private number(field: Field, { value, at }: WrittenBound): number | null {
    if (typeof value === 'number') return value;
    const [, amount, currency] = AMOUNT.exec(value) ?? [];
    const exponent = this.currency === null ? null : minorUnitExponent(this.currency);
    if (!isMoney(field) || this.currency === null || exponent === null) {
      this.problems.error('DEFINITION.VALUE', at, `${quote(value)} does not fit; "${field.name}" is a number.`);
      return null;
    }
    const minor = currency === this.currency && amount !== undefined ? toMinorUnits(amount, exponent) : null;
    if (minor !== null) return minor;
    const message = `${quote(value)} does not fit; expected an amount such as 25.00 ${this.currency}, or minor units such as 2500.`;
    this.problems.error('DEFINITION.VALUE', at, message);
    return null;
  }

  private inMinorUnits(value: number): string {
    const exponent = this.currency === null ? null : minorUnitExponent(this.currency);
    const minor = exponent === null ? null : toMinorUnits(value, exponent);
    if (this.currency === null || minor === null) return '';
    return `: write ${minor}, or ${formatMinorUnits(minor, this.currency)}`;
  }

  private show(field: Field, value: number): string {
    if (!isMoney(field) || this.currency === null || !Number.isInteger(value)) return String(value);
    return `${formatMinorUnits(value, this.currency)} (${value} in minor units)`;
  }

  private conflict(at: number): null {
    this.problems.error('DEFINITION.CONFLICTING_KEYS', at, 'Write about and within, or atLeast and atMost; not both.');
    return null;
  }

  private missing(at: number, what: string): null {
    this.problems.error('DEFINITION.MISSING_KEY', at, `The number says too little: ${what}.`);
    return null;
  }

  private never(at: number, message: string): null {
    this.problems.error('TESTS.NEVER', at, message);
    return null;
  }
}
