import type { Problem } from './compiled';
import { LIMITS } from './limits';

/** Every problem that a definition can have. Stable: documents and scripts rely on the spelling. */
export const PROBLEM_CODES = [
  // the text
  'DEFINITION.TOO_LARGE',
  'DEFINITION.TOO_DEEP',
  'DEFINITION.ENCODING',
  'DEFINITION.YAML',
  'DEFINITION.ALIAS',
  'DEFINITION.DUPLICATE_KEY',
  // the form
  'DEFINITION.TYPE',
  'DEFINITION.VALUE',
  'DEFINITION.NAME',
  'DEFINITION.DURATION',
  'DEFINITION.UNKNOWN_KEY',
  'DEFINITION.MISSING_KEY',
  'DEFINITION.CONFLICTING_KEYS',
  'DEFINITION.REFUSED',
  'DEFINITION.TOO_MANY',
  'DEFINITION.NOT_YET',
  'DEFINITION.MORE_PROBLEMS',
  // activity and profile
  'DEFINITION.CURRENCY',
  'DEFINITION.UNREACHABLE_ROW',
  'DEFINITION.ROLE_WITHOUT_ROW',
  'DEFINITION.SUM_WITHOUT_AMOUNT',
  'DEFINITION.MIXED_UNITS',
  'DEFINITION.NAME_CLASH',
  // signals
  'DEFINITION.UNKNOWN_FIELD',
  'DEFINITION.CEL_SYNTAX',
  'DEFINITION.CEL_TYPE',
  'DEFINITION.CEL_UNSUPPORTED',
  'DEFINITION.TIME_DEPENDENT',
  // stages, regions, views
  'DEFINITION.UNKNOWN_SIGNAL',
  'DEFINITION.UNKNOWN_STATE',
  'DEFINITION.DUPLICATE_DELAY',
  'DEFINITION.XSTATE',
  'DEFINITION.STAGE_NOT_IN_VIEW',
  'DEFINITION.STAGE_TWICE_IN_VIEW',
  // warnings
  'DEFINITION.UNREACHABLE_STATE',
  'DEFINITION.NO_WAY_OUT',
  'DEFINITION.UNUSED_SIGNAL',
  'DEFINITION.SIGNAL_CYCLE',
] as const;
/** One of {@link PROBLEM_CODES}. */
export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** Offset of a character in the source → its line and column, both starting at 1. */
export type Locate = (offset: number) => { readonly line: number; readonly column: number };

/** Messages quote the source, whose words can have any length. */
const MAX_MESSAGE = 500;

/** What a problem says; a function where finding the words takes time, called only if the problem is listed. */
export type Message = string | (() => string);

/** The family of the codes of definitions: what stands before their point. */
const FAMILY = 'DEFINITION';

/**
 * Collects the problems of one source, so that its author sees them at once: lists the first ones, counts the others. The
 * same problem in the same place is listed once. `family` stands in for `DEFINITION` in the codes of other files that the
 * shapes of definitions read; `Code` has the codes that only those know.
 */
export class Problems<Code extends string = ProblemCode> {
  private readonly listed: Problem[] = [];
  private unlisted = 0;
  private firstUnlisted = 0;
  private errors = 0;

  constructor(
    private readonly locate: Locate,
    private readonly family: string = FAMILY,
  ) {}

  error(code: Code, at: number, message: Message): void {
    this.errors += 1;
    this.add('error', code, at, message);
  }

  warn(code: Code, at: number, message: Message): void {
    this.add('warning', code, at, message);
  }

  /** True when the source cannot be used. */
  get failed(): boolean {
    return this.errors > 0;
  }

  /** In the order of the source; last, how many more there are. */
  list(): readonly Problem[] {
    const inOrder = this.listed.toSorted((a, b) => a.line - b.line || a.column - b.column);
    return this.unlisted === 0 ? inOrder : [...inOrder, this.more()];
  }

  private more(): Problem {
    const severity = this.failed ? 'error' : 'warning';
    const message = `And ${this.unlisted} more problems, of which this is the first. Mend the ${LIMITS.problems} above, then check again.`;
    return { severity, code: `${this.family}.MORE_PROBLEMS`, message, ...this.locate(this.firstUnlisted) };
  }

  private add(severity: Problem['severity'], code: string, at: number, message: Message): void {
    if (this.listed.length < LIMITS.problems) {
      const text = typeof message === 'string' ? message : message();
      const short = text.length > MAX_MESSAGE ? `${text.slice(0, MAX_MESSAGE - 1)}…` : text;
      const problem = { severity, code: inFamily(code, this.family), message: short, ...this.locate(at) };
      if (!this.listed.some((other) => isSame(problem, other))) this.listed.push(problem);
    } else if (this.unlisted++ === 0) this.firstUnlisted = at;
  }
}

/** `DEFINITION.TYPE` in the family `TESTS` is `TESTS.TYPE`. */
export function inFamily(code: string, family: string): string {
  return code.startsWith(`${FAMILY}.`) ? `${family}${code.slice(FAMILY.length)}` : code;
}

function isSame(a: Problem, b: Problem): boolean {
  return a.line === b.line && a.column === b.column && a.code === b.code && a.message === b.message;
}

/** One line for a terminal or an editor: `file:line:column: error CODE message`. */
export function describeProblem(problem: Problem, file: string): string {
  const { line, column, severity, code, message } = problem;
  return `${file}:${line}:${column}: ${severity} ${code} ${message}`;
}
