import { Environment, ParseError } from '@marcbachmann/cel-js';
import type { ASTNode } from '@marcbachmann/cel-js';
import { LIMITS } from '../limits';
import type { Problems } from '../problems';
import type { Expression } from './expression';
import { syntaxRemedy } from './syntax-remedy';

/** Used as a parser only; the limits keep parsing and each evaluation bounded. */
const limits = {
  maxAstNodes: LIMITS.conditionNodes,
  maxDepth: LIMITS.conditionNesting,
  maxListElements: LIMITS.conditionList,
};
const cel = new Environment({ limits });

/** What cel-js calls the limits, and what they bound. */
const BOUNDS: readonly (readonly [limit: keyof typeof limits, what: string])[] = [
  ['maxAstNodes', 'operators, names and numbers'],
  ['maxDepth', 'operators and brackets within each other'],
  ['maxListElements', 'entries in a list'],
];

function boundPassed(error: unknown): string | null {
  const summary = error instanceof ParseError ? error.summary : String(error);
  const bound = BOUNDS.find(([limit]) => summary.includes(limit));
  return bound === undefined
    ? null
    : `The condition has more than ${limits[bound[0]]} ${bound[1]}. Split it into several signals.`;
}

/** Parses CEL; null after reporting a syntax error where it stands in the file. */
export function parseExpression(expression: Expression, problems: Problems): ASTNode | null {
  try {
    return cel.parse(expression.text).ast;
  } catch (error) {
    const at = error instanceof ParseError ? (error.range?.start ?? 0) : 0;
    const bound = boundPassed(error);
    const { offset, message } = bound === null ? syntaxRemedy(expression.text, at) : { offset: at, message: bound };
    problems.error('DEFINITION.CEL_SYNTAX', expression.offsetOf(offset), message);
    return null;
  }
}
