import pino, { type DestinationStream, type Logger } from 'pino';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

const SECRETS = ['password', 'secret', 'token', 'key', 'sasl', 'authorization', 'databaseUrl', 'connectionString'];

/**
 * JSON lines on stderr: stdout belongs to results. Fields that hold secrets are replaced at any of the first three
 * levels, and so are the credentials of any URL in the line.
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
      hooks: { streamWrite: hideCredentials },
    },
    options.destination ?? pino.destination({ dest: 2, sync: true }),
  );
}

function hideCredentials(line: string): string {
  return line.includes('@') ? line.replaceAll(/:\/\/[^\s"/@:]*:[^\s"/@]*@/g, '://[secret]@') : line;
}
