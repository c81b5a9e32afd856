import { type ASTNode, Environment, ParseError } from '@marcbachmann/cel-js';
import { LIMITS } from '../limits';
import type { Problems } from '../problems';
import { isText } from '../shape/scalars';
import { type Shape, wrongType } from '../shape/shape';
import type { Tree } from '../yaml-tree';

/** A CEL expression as it is written, and where its characters stand in the source. */
export interface Expression {
  readonly text: string;
  readonly at: number;
  readonly offsetOf: (index: number) => number;
}

const EXPECTED = 'a CEL condition on the profile, such as profile.orders >= 3';

/** The text of a condition. */
export const expressionShape: Shape<Expression> = {
  schema: { type: 'string', minLength: 1, maxLength: LIMITS.condition, description: `${EXPECTED}.` },
  read: (tree: Tree, problems: Problems) => {
    if (!isText(tree)) return wrongType(tree, EXPECTED, problems);
    if (tree.value.length <= LIMITS.condition) return { text: tree.value, at: tree.at, offsetOf: tree.offsetOf };
    const message = `The expression has more than ${LIMITS.condition} characters. Split it into several signals.`;
    problems.error('DEFINITION.CEL_SYNTAX', tree.at, message);
    return null;
  },
};

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

/** What people write in place of CEL, and what to write instead. A word after a dot is the name of a field. */
const SLIPS: readonly (readonly [slip: RegExp, remedy: string])[] = [
  [/(?<![.\w])between(?!\w)/i, 'Write both limits, such as profile.orders >= 1 && profile.orders <= 3.'],
  [/(?<![.\w])and(?!\w)/i, 'For "and", write && between two whole comparisons.'],
  [/(?<![.\w])or(?!\w)/i, 'For "or", write || between two whole comparisons.'],
  [/(?<![.\w])not(?!\w)/i, 'For "not", write !( ) around the condition, such as !(profile.orders >= 3).'],
  [/(?<![.\w])(?:is|equals?)(?!\w)/i, 'To compare, write == (equal) or != (not equal).'],
  [
    /(?<![.\w])(?:greater|more|less|fewer|at least|at most|than)(?!\w)/i,
    'To compare, write > (more than), >= (at least), < (less than), <= (at most) or ==.',
  ],
  [/(?<!&)&(?!&)/, 'For "and", write && with two signs.'],
  [/(?<!\|)\|(?!\|)/, 'For "or", write || with two signs.'],
  [/=>|≥/, 'For "at least", write >= in this order.'],
  [/=<|≤/, 'For "at most", write <= in this order.'],
  [/<>|≠/, 'For "not equal", write !=.'],
  [/===/, 'For "equal", write == with two signs.'],
  [/(?<![<>=!])=(?!=)/, 'For "equal", write == with two signs.'],
  [/(?<=\d),(?=\d)/, 'Write numbers without commas: 1000 for a thousand, and a point before decimals, such as 1.5.'],
  [/[€$£¥]/, 'Write the number alone, without a currency: amounts are in minor units, so 100 EUR are 10000.'],
  [/%(?!\s*[\w(])/, 'Write a share as a number: 10 % is 0.1.'],
  [/[“”„‘’«»]/, 'These quotes are of a word processor; numbers need none.'],
  [/(?<=\d\s+)[a-z]+(?!\w)/i, 'Write the number alone; the field tells what it counts.'],
];
const GENERAL = 'Write comparisons such as profile.orders >= 3, joined by && (and) or || (or).';

/** A condition that CEL does not parse: where it goes wrong for its author, and the remedy. */
function syntaxRemedy(text: string, offset: number): { readonly offset: number; readonly message: string } {
  const found = SLIPS.flatMap(([slip, remedy]) => {
    const index = text.search(slip);
    return index < 0 ? [] : [{ offset: index, message: `The condition cannot be read. ${remedy}` }];
  });
  const [first] = found.toSorted((a, b) => a.offset - b.offset);
  return first ?? { offset, message: `The condition cannot be read from here on. ${bracketsRemedy(text) ?? GENERAL}` };
}

function bracketsRemedy(text: string): string | null {
  const missing = text.split('(').length - text.split(')').length;
  if (missing === 0) return null;
  return missing > 0 ? 'A closing ) is missing.' : 'There is a closing ) too many; remove it.';
}
