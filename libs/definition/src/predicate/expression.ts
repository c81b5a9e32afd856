import { LIMITS } from '../limits';
import type { Problems } from '../problems';
import { isText } from '../shape/scalars';
import { wrongType } from '../shape/shape';
import type { Shape } from '../shape/shape';
import type { Tree } from '../yaml-tree';

/** A CEL expression as it is written, and where its characters stand in the source. */
export interface Expression {
  readonly text: string;
  readonly at: number;
  readonly offsetOf: (index: number) => number;
}

const EXPECTED = 'a CEL condition on the profile, such as profile.orders >= 3';

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
