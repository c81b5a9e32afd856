import type { ToolEnvironment } from '@perennial/config';
import { InvalidInput } from '@perennial/values';
import type { StackState } from '@perennial/dev-stack';

type Named = Pick<ToolEnvironment, 'log' | 'database' | 'hasKey'>;

/** Whether the environment names broker, database and key: all that leads to an installation. */
export const namesInstallation = ({ log, database, hasKey }: Named): boolean =>
  log.kind === 'brokers' && database !== null && hasKey;

/**
 * Throws `InvalidInput` when the environment names a broker or a database that is not of the stack on this machine (null: none
 * runs): the rest is missing, and a command that went to the stack instead would work on other data than it was told to.
 */
export function refuseHalfNamed(environment: Named, stack: Pick<StackState, 'log' | 'database'> | null): void {
  const { log, database, hasKey } = environment;
  const broker = log.kind === 'brokers' ? log.brokers : null;
  const isStackBroker = broker === null || (stack?.log.kind === 'kafka' && stack.log.brokers === broker);
  const isStackDatabase = database === null || stack?.database.value === database.value;
  if (isStackBroker && isStackDatabase) return;
  const given = [...(broker === null ? [] : ['KAFKA_BROKERS']), ...(database === null ? [] : [database.variable])];
  const missing = [
    ...(broker === null ? ['KAFKA_BROKERS'] : []),
    ...(database === null ? ['DATABASE_URL (or DATABASE_URLS)'] : []),
    ...(hasKey ? [] : ['PERENNIAL_KEY_FILE']),
  ];
  throw new InvalidInput(
    'CLI.HALF_NAMED',
    `${given.join(' and ')} ${given.length === 1 ? 'names' : 'name'} another installation than the stack of this machine, and not set: ${missing.join(' and ')}. ` +
      `Set that, too, or unset ${given.join(' and ')} to work with the stack.`,
  );
}
