import type { z } from 'zod';

/** A rule over several variables. It is tried only when all of them are valid on their own. */
export interface CrossCheck<Values> {
  /** The variable that is blamed comes first. */
  readonly names: readonly [keyof Values & string, ...(keyof Values & string)[]];
  readonly holds: (values: Values) => boolean;
  readonly message: string | ((values: Values) => string);
}

/** Adds the rules to an object schema, so that all problems are found in one go. */
export function crossChecked<Schema extends z.ZodType>(
  schema: Schema,
  checks: readonly CrossCheck<z.output<Schema>>[],
): Schema {
  return checks.reduce<Schema>(
    (checked, { names, holds, message }) =>
      checked.refine(holds, {
        path: [names[0]],
        error: typeof message === 'string' ? message : ({ input }) => message(input as z.output<Schema>),
        when: ({ issues }) => !issues.some((issue) => names.some((name) => name === issue.path?.[0])),
      }),
    schema,
  );
}
