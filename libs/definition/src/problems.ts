import type { Problem } from './compiled';

/** Every problem that a definition can have. Stable: documents and scripts rely on the spelling. */
export const PROBLEM_CODES = [
  // the text
  'DEFINITION.TOO_LARGE',
  'DEFINITION.TOO_DEEP',
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
  // activity and profile
  'DEFINITION.CURRENCY',
  'DEFINITION.UNREACHABLE_ROW',
  'DEFINITION.ROLE_WITHOUT_ROW',
  'DEFINITION.SUM_WITHOUT_AMOUNT',
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
  'DEFINITION.UNUSED_SIGNAL',
  'DEFINITION.SIGNAL_CYCLE',
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** Offset of a character in the source → its line and column, both starting at 1. */
export type Locate = (offset: number) => { readonly line: number; readonly column: number };

/** Messages quote the source, whose words can have any length. */
const MAX_MESSAGE = 500;

/** Collects all problems of one source, so that its author sees them at once. */
export class Problems {
  private readonly found: Problem[] = [];

  constructor(private readonly locate: Locate) {}

  error(code: ProblemCode, at: number, message: string): void {
    this.add('error', code, at, message);
  }

  warn(code: ProblemCode, at: number, message: string): void {
    this.add('warning', code, at, message);
  }

  /** True when the definition cannot be used. */
  get failed(): boolean {
    return this.found.some((problem) => problem.severity === 'error');
  }

  /** In the order of the source. */
  list(): readonly Problem[] {
    return this.found.toSorted((a, b) => a.line - b.line || a.column - b.column);
  }

  private add(severity: Problem['severity'], code: ProblemCode, at: number, text: string): void {
    const message = text.length > MAX_MESSAGE ? `${text.slice(0, MAX_MESSAGE - 1)}…` : text;
    this.found.push({ severity, code, message, ...this.locate(at) });
  }
}

/** One line for a terminal or an editor: `file:line:column: error CODE message`. */
export function describeProblem(problem: Problem, file: string): string {
  const { line, column, severity, code, message } = problem;
  return `${file}:${line}:${column}: ${severity} ${code} ${message}`;
}
