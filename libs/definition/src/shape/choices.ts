import type { JsonObject } from '@perennial/values';
import type { ProblemCode } from '../problems';
import type { Tree } from '../yaml-tree';
import { wrongType, type Shape } from './shape';

type Kind = Tree['kind'];

/** A value that may be written in more than one way, told apart by its kind. Kinds in `refused` are told why not. */
export function either<T>(
  expected: string,
  ways: Partial<Record<Kind, Shape<T>>>,
  refused: Partial<Record<Kind, { readonly code: ProblemCode; readonly reason: string }>> = {},
): Shape<T> {
  return {
    schema: { anyOf: Object.values(ways).map((shape) => shape.schema) },
    read: (tree, problems) => {
      const shape = ways[tree.kind];
      if (shape !== undefined) return shape.read(tree, problems);
      const refusal = refused[tree.kind];
      if (refusal === undefined) return wrongType(tree, expected, problems);
      problems.error(refusal.code, tree.at, refusal.reason);
      return null;
    },
  };
}

/** Reads the same things into another type. */
export function mapped<A, B>(shape: Shape<A>, change: (value: A) => B): Shape<B> {
  return {
    schema: shape.schema,
    read: (tree, problems) => {
      const value = shape.read(tree, problems);
      return value === null ? null : change(value);
    },
  };
}

/** A shape that contains itself; `name` is its entry in the `$defs` of the JSON Schema. */
export function recursive<T>(name: string, shape: () => Shape<T>): Shape<T> {
  const schema: JsonObject = { $ref: `#/$defs/${name}` };
  return { schema, read: (tree, problems) => shape().read(tree, problems) };
}
