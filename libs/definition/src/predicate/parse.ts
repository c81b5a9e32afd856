import { Environment, ParseError } from '@marcbachmann/cel-js';
import type { ASTNode } from '@marcbachmann/cel-js';
import { LIMITS } from '../limits';
import type { Problems } from '../problems';
import type { Expression } from './expression';

/** Used as a parser only; the limits keep parsing and each evaluation bounded. */
const limits = {
  maxAstNodes: LIMITS.conditionNodes,
  maxDepth: LIMITS.conditionNesting,
  maxListElements: LIMITS.conditionList,
};
const cel = new Environment({ limits });

/** Parses CEL; null after reporting a syntax error where it stands in the file. */
export function parseExpression(expression: Expression, problems: Problems): ASTNode | null {
  try {
    return cel.parse(expression.text).ast;
  } catch (error) {
    const [message, offset] =
      error instanceof ParseError ? [error.summary, error.range?.start ?? 0] : [String(error), 0];
    problems.error('DEFINITION.CEL_SYNTAX', expression.offsetOf(offset), `${message}. Mend the CEL expression here.`);
    return null;
  }
}
