import { z } from 'zod';
import { type Environment, environmentWith, IN_PROCESS, type ToolEnvironment } from '@perennial/config';
import { join } from 'node:path';
import type { StackHome } from './stack-home';

/** How other processes reach the log of a running stack. */
const logAddressSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('kafka'), brokers: z.string() }),
  z.object({ kind: z.literal('served'), url: z.string(), token: z.string() }),
]);
export type LogAddress = z.output<typeof logAddressSchema>;

/** Contents of `stack.json`: addresses of a running stack, for other processes of its user. */
export const stackStateSchema = z.object({
  log: logAddressSchema,
  /** The variable that names the database, and its value. */
  database: z.object({ variable: z.enum(['DATABASE_URL', 'DATABASE_URLS']), value: z.string() }),
  services: z.array(z.object({ name: z.string(), url: z.string() })),
});
export type StackState = z.output<typeof stackStateSchema>;

/** File of the installation's key, if the user has set none. */
export const ownKey = (home: StackHome): string => join(home.keys, 'installation');

/** File of the collector's write keys, if the user has set none. */
export const ownWriteKeys = (home: StackHome): string => join(home.keys, 'write-keys.json');

/** Clears what the user has set for another database. */
const noDatabase: Environment = { DATABASE_URL: '', DATABASE_URLS: '' };

/** The variables that lead to a stack, for services and tools; what the user has set beside them stays. */
export function stackVariables(
  home: StackHome,
  { log, database }: Pick<StackState, 'log' | 'database'>,
  environment: ToolEnvironment,
): Environment {
  const key = environment.hasKey ? {} : { PERENNIAL_KEY_FILE: ownKey(home) };
  const brokers = log.kind === 'kafka' ? log.brokers : IN_PROCESS;
  const oneBroker = environment.log.kind === 'brokers' ? {} : { REPLICATION_FACTOR: '1' };
  return environmentWith(
    { KAFKA_BROKERS: brokers, ...noDatabase, [database.variable]: database.value, ...key },
    { WRITE_KEYS_FILE: ownWriteKeys(home), ...oneBroker },
  );
}
