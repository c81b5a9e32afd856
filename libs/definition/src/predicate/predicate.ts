import type { ASTNode } from '@marcbachmann/cel-js';
import type { Predicate } from '../compiled';
import type { Message, ProblemCode, Problems } from '../problems';
import { NameChecker, type Scope } from './names';
import { type Expression, parseExpression } from './parse';
import {
  among,
  branch,
  literalTerm,
  negative,
  not,
  type NumberTerm,
  ON_EQUALS,
  ON_NUMBERS,
  ON_TRUTHS,
  type Term,
  type TruthTerm,
} from './terms';

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

type Pair = readonly [ASTNode, ASTNode];

/** Checks the types of one expression and compiles it; reports every mistake in it, not only the first. */
class TermChecker {
  private readonly names: NameChecker;

  constructor(
    scope: Scope,
    private readonly expression: Expression,
    private readonly problems: Problems,
  ) {
    this.names = new NameChecker(scope, (code, node, message) => this.report(code, node, message));
  }

  /** Indexes of the fields that the expression reads. */
  get fields(): ReadonlySet<number> {
    return this.names.fields;
  }

  truth(node: ASTNode): TruthTerm | null {
    const term = this.term(node);
    if (term === null || term.type === 'truth') return term;
    return this.report('DEFINITION.CEL_TYPE', node, 'This is a number; a condition is needed here, such as ... >= 3.');
  }

  private number(node: ASTNode): NumberTerm | null {
    const term = this.term(node);
    if (term === null || term.type === 'number') return term;
    return this.report(
      'DEFINITION.CEL_TYPE',
      node,
      'This is true or false; a number is needed here. Compare one pair at a time and join with &&: 1 < profile.orders && profile.orders < 3.',
    );
  }

  private term(node: ASTNode): Term | null {
    switch (node.op) {
      case 'value':
        return literalTerm(node.args) ?? this.unsupported(node);
      case 'id':
      case '.':
        return this.names.term(node);
      case '<':
      case '<=':
      case '>':
      case '>=':
      case '+':
      case '-':
      case '*':
      case '/':
        return this.onNumbers(node.op, node.args);
      case '&&':
      case '||':
        return this.onTruths(node.op, node.args);
      case '==':
      case '!=':
        return this.onEquals(node, node.op, node.args);
      case '!_':
        return mapTerm(this.truth(node.args), not);
      case '-_':
        return mapTerm(this.number(node.args), negative);
      case '?:':
        return this.branch(node, ...node.args);
      case 'in':
        return this.among(...node.args);
      default:
        return this.unsupported(node);
    }
  }

  private onNumbers(op: keyof typeof ON_NUMBERS, [left, right]: Pair): Term | null {
    const [a, b] = [this.number(left), this.number(right)];
    return a && b && ON_NUMBERS[op](a.of, b.of);
  }

  private onTruths(op: keyof typeof ON_TRUTHS, [left, right]: Pair): Term | null {
    const [a, b] = [this.truth(left), this.truth(right)];
    return a && b && ON_TRUTHS[op](a.of, b.of);
  }

  private onEquals(node: ASTNode, op: keyof typeof ON_EQUALS, [left, right]: Pair): Term | null {
    const [a, b] = [this.term(left), this.term(right)];
    if (a === null || b === null) return null;
    if (a.type === b.type) return ON_EQUALS[op](a.of, b.of);
    return this.report('DEFINITION.CEL_TYPE', node, `The sides of ${op} differ: one is a number, one true or false.`);
  }

  private branch(node: ASTNode, ...[condition, yes, no]: readonly [ASTNode, ASTNode, ASTNode]): Term | null {
    const [when, a, b] = [this.truth(condition), this.term(yes), this.term(no)];
    if (when === null || a === null || b === null) return null;
    const message = 'The two results of ? : differ: one is a number, one true or false.';
    return branch(when, a, b) ?? this.report('DEFINITION.CEL_TYPE', node, message);
  }

  private among(value: ASTNode, list: ASTNode): Term | null {
    const term = this.term(value);
    if (term === null) return null;
    if (list.op !== 'list') return this.report('DEFINITION.CEL_TYPE', list, 'After "in", write a list such as [1, 2].');
    const items = list.args.map((item) => (term.type === 'number' ? this.number(item) : this.truth(item)));
    const typed = items.filter((item) => item !== null);
    return typed.length === items.length ? among(term, typed) : null;
  }

  private unsupported(node: ASTNode): null {
    return this.report('DEFINITION.CEL_UNSUPPORTED', node, unsupported(node));
  }

  private report(code: ProblemCode, node: ASTNode, message: Message): null {
    this.problems.error(code, this.expression.offsetOf(node.start), message);
    return null;
  }
}

function mapTerm<T extends Term>(term: T | null, change: (term: T) => Term): Term | null {
  return term && change(term);
}

const REMEDY = 'Conditions compare and calculate with numbers: < <= > >= == != + - * / && || ! ? : in [1, 2].';

/** Why a part of CEL that parses is not for predicates. */
function unsupported(node: ASTNode): string {
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
