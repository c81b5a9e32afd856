import { refuse, type Problem, type Refusal } from './outcome';

interface Issues {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}

const MOST_PROBLEMS = 10;

/** What a schema has against a body, with the paths that its sender sees; `at` leads to the part that was checked. */
export function invalid({ issues }: Issues, at: readonly PropertyKey[] = []): Refusal {
  const problems: Problem[] = issues.slice(0, MOST_PROBLEMS).map(({ path, message }) => ({
    field: [...at, ...path].join('.'),
    message,
  }));
  const more = issues.length > MOST_PROBLEMS ? `, the first ${MOST_PROBLEMS} of which are listed` : '';
  const count = issues.length === 1 ? 'a problem' : `${issues.length} problems`;
  return refuse('invalid', `The body has ${count}${more}; nothing of it was taken.`, problems);
}

export function invalidField(field: string, message: string): Refusal {
  return refuse('invalid', 'The body has a problem; nothing of it was taken.', [{ field, message }]);
}
