import type { ASTNode } from '@marcbachmann/cel-js';
import type { Predicate } from '../compiled';
import type { Problems } from '../problems';
import type { Expression } from './expression';
import { parseExpression } from './parse';
import type { Scope } from './scope';
import { TermChecker } from './term-checker';

/** A predicate, and what the checks of whole definitions want to know of it. */
export interface CheckedPredicate {
  readonly predicate: Predicate;
  readonly ast: ASTNode;
}

/**
 * Compiles a CEL expression on the profile. cel-js parses; the little of CEL that predicates need (numbers, truth
 * values, no functions) is checked and compiled here into closures: every number is a double, so `profile.orders >= 3`
 * and `profile.orders == 3` mean what they say, nothing can read a clock or run long, and a call takes nanoseconds.
 */
export function compilePredicate(expression: Expression, scope: Scope, problems: Problems): CheckedPredicate | null {
  const ast = parseExpression(expression, problems);
  if (ast === null) return null;
  const checker = new TermChecker(scope, expression, problems);
  const term = checker.truth(ast);
  if (term === null) return null;
  const fields = [...checker.fields].sort((a, b) => a - b);
  return { predicate: { source: expression.text, fields, test: term.of }, ast };
}
