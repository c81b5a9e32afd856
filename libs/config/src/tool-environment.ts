import { z } from 'zod';
import { IN_PROCESS, variables } from './variables';

/**
 * What the command line and the development stack need to know before a service is configured; for `readEnvironment`.
 * All variables are checked, so that a mistake is told before servers are started for services that refuse it.
 */
export const toolEnvironment = z
  .object(variables)
  .partial()
  .transform((v) => ({
    /** What the log is: a broker of our own where nothing is said. */
    log: logChoice(v.KAFKA_BROKERS),
    databaseUrl: v.DATABASE_URL ?? null,
    hasKey: v.PERENNIAL_KEY !== undefined || v.PERENNIAL_KEY_FILE !== undefined,
    hasWriteKeys: v.WRITE_KEYS_FILE !== undefined,
    /** Folder of the stack; null: the default. */
    home: v.PERENNIAL_HOME ?? null,
    cache: v.PERENNIAL_CACHE ?? null,
    javaHome: v.JAVA_HOME ?? null,
    ci: v.CI !== undefined && v.CI !== 'false',
  }));
export type LogChoice =
  | { readonly kind: 'own' }
  | { readonly kind: 'in-process' }
  | { readonly kind: 'brokers'; readonly brokers: string };

function logChoice(brokers: readonly string[] | undefined): LogChoice {
  if (brokers === undefined) return { kind: 'own' };
  return brokers.includes(IN_PROCESS) ? { kind: 'in-process' } : { kind: 'brokers', brokers: brokers.join(',') };
}
export type ToolEnvironment = z.output<typeof toolEnvironment>;
