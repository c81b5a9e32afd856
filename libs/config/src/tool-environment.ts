import { z } from 'zod';
import { type Databases, oneWayToSayDatabases } from './database-environment';
import { formatDatabaseUrls } from './database-urls';
import { crossChecked } from './variable';
import { IN_PROCESS, variables } from './variables';

/**
 * What the command line and the development stack need to know before a service is configured; for `readEnvironment`.
 * All variables are checked, so that a mistake is told before servers are started for services that refuse it.
 */
export const toolEnvironment = crossChecked(z.object(variables).partial(), [oneWayToSayDatabases]).transform((v) => ({
  /** What the log is: a broker of our own where nothing is said. */
  log: logChoice(v.KAFKA_BROKERS),
  /** The variable that names the databases; null: one of our own. */
  database: databaseChoice(v),
  hasKey: v.PERENNIAL_KEY !== undefined || v.PERENNIAL_KEY_FILE !== undefined,
  hasWriteKeys: v.WRITE_KEYS_FILE !== undefined,
  /** Who publishes definitions; null: the user of this machine. */
  author: v.PERENNIAL_AUTHOR ?? null,
  /** Folder of the stack; null: the default. */
  home: v.PERENNIAL_HOME ?? null,
  cache: v.PERENNIAL_CACHE ?? null,
  javaHome: v.JAVA_HOME ?? null,
  ci: v.CI !== undefined && v.CI !== 'false',
}));
/** One of the two variables, as it was given. */
export interface DatabaseChoice {
  readonly variable: 'DATABASE_URL' | 'DATABASE_URLS';
  readonly value: string;
}

export type LogChoice =
  | { readonly kind: 'own' }
  | { readonly kind: 'in-process' }
  | { readonly kind: 'brokers'; readonly brokers: string };

function databaseChoice({ DATABASE_URL: url, DATABASE_URLS: urls }: Databases): DatabaseChoice | null {
  if (urls !== undefined) return { variable: 'DATABASE_URLS', value: formatDatabaseUrls(urls) };
  return url === undefined ? null : { variable: 'DATABASE_URL', value: url };
}

function logChoice(brokers: readonly string[] | undefined): LogChoice {
  if (brokers === undefined) return { kind: 'own' };
  return brokers.includes(IN_PROCESS) ? { kind: 'in-process' } : { kind: 'brokers', brokers: brokers.join(',') };
}
export type ToolEnvironment = z.output<typeof toolEnvironment>;
