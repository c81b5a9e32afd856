import { ConfigurationError } from '@perennial/config';
import { InvalidInput } from '@perennial/values';
import { CommanderError } from 'commander';

/** What the program's exit code says; printed by `--help`. */
export const EXIT = { ok: 0, failure: 1, badInput: 2, configuration: 78, interrupted: 130 } as const;

export const EXIT_HELP = `Exit codes:
  0   done
  1   failed
  2   bad input: arguments, a definition, a data file
  78  wrong configuration: see docs/configuration.md
  130 interrupted before it was done`;

/** Ends a command that has said everything itself. */
export class Ended extends Error {
  constructor(readonly exitCode: number) {
    super(`ended with ${exitCode}`);
  }
}

/** How a failed command ends, and the text for stderr; null when it has been said already. */
export function failureOf(error: unknown, debug: boolean): { readonly code: number; readonly text: string | null } {
  if (error instanceof Ended) return { code: error.exitCode, text: null };
  if (error instanceof CommanderError) return { code: error.exitCode === 0 ? EXIT.ok : EXIT.badInput, text: null };
  return {
    code: codeOf(error),
    text: debug && error instanceof Error ? (error.stack ?? error.message) : lineOf(error),
  };
}

/** What the environment says does not fit what is there, or is refused by what it leads to. */
const MISCONFIGURED = [
  'STORE.MISCONFIGURED',
  'STORE.SCHEMA_TOO_NEW',
  'STREAM.MISCONFIGURED',
  'STREAM.PARTITIONS_DIFFER',
  'STREAM.TOPIC_DIFFERS',
  'STORE.LAYOUT_CHANGED',
  'STORE.GROUP_CHANGED',
];
const NOTHING_RUNS = 'CLI.NOTHING_RUNS';

function codeOf(error: unknown): number {
  if (error instanceof ConfigurationError) return EXIT.configuration;
  if (error instanceof InvalidInput && MISCONFIGURED.includes(error.code)) return EXIT.configuration;
  if (error instanceof InvalidInput && error.code === NOTHING_RUNS) return EXIT.failure;
  return error instanceof InvalidInput ? EXIT.badInput : EXIT.failure;
}

function lineOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code =
    'code' in error && typeof error.code === 'string' && !(error instanceof ConfigurationError)
      ? ` (${error.code})`
      : '';
  return `${error.message}${code}`;
}
