import { printable } from '@perennial/values';
import pino, { type DestinationStream, type Logger } from 'pino';

/** The levels of pino. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

const SECRETS = ['password', 'secret', 'token', 'key', 'sasl', 'authorization', 'databaseUrl', 'connectionString'];

/**
 * JSON lines on stderr: stdout belongs to results. Fields that hold secrets are replaced at any of the first three
 * levels, and so are the credentials of any URL in the line. What could act on a terminal is escaped as JSON has it, so that
 * a line says the same.
 */
export function createLogger(options: {
  name: string;
  level: LogLevel;
  destination?: DestinationStream | undefined;
}): Logger {
  return pino(
    {
      name: options.name,
      level: options.level,
      redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[secret]' },
      formatters: { level: (label) => ({ level: label }) },
      timestamp: pino.stdTimeFunctions.isoTime,
      hooks: { streamWrite: (line) => escapeControls(hideCredentials(line)) },
    },
    options.destination ?? pino.destination({ dest: 2, sync: true }),
  );
}

function hideCredentials(line: string): string {
  return line.includes('@') ? line.replaceAll(/:\/\/[^\s"/@:]*:[^\s"/@]*@/g, '://[secret]@') : line;
}

/** A line of JSON has escaped C0 itself, but for its end. */
function escapeControls(line: string): string {
  return HARMFUL.test(line) ? `${printable(line.trimEnd())}\n` : line;
}

const HARMFUL = /[\p{Cf}\p{Cs}\p{Zl}\p{Zp}\x7f-\x9f]/u;
