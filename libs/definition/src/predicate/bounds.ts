import type { ASTNode } from '@marcbachmann/cel-js';
import { toDouble } from './terms';

/** Values a field can have while a condition holds. */
interface Interval {
  readonly low: number;
  readonly lowIncluded: boolean;
  readonly high: number;
  readonly highIncluded: boolean;
}
/** Intervals by field; a field that is not there can have any value. Never too narrow, often too wide. */
export type Bounds = ReadonlyMap<string, Interval>;

const MIRRORED = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '==': '==' } as const;
type Comparison = keyof typeof MIRRORED;

export function interval(op: Comparison, limit: number): Interval {
  const included = op === '<=' || op === '>=' || op === '==';
  const upper = op === '<' || op === '<=' || op === '==';
  const lower = op === '>' || op === '>=' || op === '==';
  return {
    low: lower ? limit : Number.NEGATIVE_INFINITY,
    lowIncluded: lower && included,
    high: upper ? limit : Number.POSITIVE_INFINITY,
    highIncluded: upper && included,
  };
}

/** What a condition says of single fields: `profile.<field> <op> <number>`, and several of them joined by &&. */
export function boundsOf(node: ASTNode): Bounds {
  switch (node.op) {
    case '&&':
      return intersect(boundsOf(node.args[0]), boundsOf(node.args[1]));
    case '<':
    case '<=':
    case '>':
    case '>=':
    case '==': {
      const [left, right] = node.args;
      return comparison(left, node.op, right) ?? comparison(right, MIRRORED[node.op], left) ?? new Map();
    }
    default:
      return new Map();
  }
}

function comparison(field: ASTNode, op: Comparison, limit: ASTNode): Bounds | undefined {
  const value = limit.op === 'value' ? toDouble(limit.args) : null;
  if (value === null || field.op !== '.') return undefined;
  const [base, name] = field.args;
  return base.op === 'id' ? new Map([[name, interval(op, value)]]) : undefined;
}

/** What two conditions say together. */
export function intersect(a: Bounds, b: Bounds): Bounds {
  const result = new Map(a);
  for (const [field, other] of b) {
    const known = result.get(field);
    result.set(field, known === undefined ? other : narrower(known, other));
  }
  return result;
}

function narrower(a: Interval, b: Interval): Interval {
  const lower = a.low > b.low || (a.low === b.low && !a.lowIncluded) ? a : b;
  const upper = a.high < b.high || (a.high === b.high && !a.highIncluded) ? a : b;
  return { low: lower.low, lowIncluded: lower.lowIncluded, high: upper.high, highIncluded: upper.highIncluded };
}

/** False only when no profile satisfies them. */
export function possible(bounds: Bounds): boolean {
  for (const { low, lowIncluded, high, highIncluded } of bounds.values()) {
    if (low > high || (low === high && !(lowIncluded && highIncluded))) return false;
  }
  return true;
}
