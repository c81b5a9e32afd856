import type { ASTNode } from '@marcbachmann/cel-js';
import { number, truth } from './terms';
import type { Term } from './terms';

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

const REMEDY = 'Conditions compare and calculate with numbers: < <= > >= == != + - * / && || ! ? : in [1, 2].';

/** Why a part of CEL that parses is not for predicates. */
export function unsupported(node: ASTNode): string {
  switch (node.op) {
    case 'value':
      return typeof node.args === 'bigint'
        ? `${node.args} is too large to be exact.`
        : 'Only numbers can be compared: fields of the profile hold no texts. Write a number without quotes.';
    case 'call':
    case 'rcall':
      // A function could read a clock (timestamps), or run long on a few characters (regular expressions, macros).
      return `The function "${node.args[0]}" is not for conditions. Declare what is counted or summed as a field under "profile", and read profile.<field>; for the passing of time use a signal with "absent", or "after" in a state.`;
    case '[]':
      return 'Brackets read nothing here. Write a field of the profile with a dot, such as profile.orders.';
    default:
      return `The operator ${node.op} is not for conditions. ${REMEDY}`;
  }
}
