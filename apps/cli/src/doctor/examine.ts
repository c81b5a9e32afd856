import type { Connection } from '../connection';
import { checkDatabases } from './check-database';
import { checkDeadLetters } from './check-dead-letters';
import { checkDeadlines } from './check-deadlines';
import { checkDefinitions } from './check-definitions';
import { checkImports } from './check-imports';
import { checkLog } from './check-log';
import { checkPartitions } from './check-partitions';
import { checkServices } from './check-services';
import { type Finding, unknown } from './finding';

interface Examination {
  /** Engines and other services to ask, beside those that are known. */
  readonly engines: readonly string[];
  /** How long a partition that is behind may stand still. */
  readonly watchMs: number;
}

/** Looks at everything; what needs something that is wrong already is not looked at. */
export async function examine(connection: Connection, { engines, watchMs }: Examination): Promise<readonly Finding[]> {
  const [databases, log] = await Promise.all([checkDatabases(connection), checkLog(connection)]);
  const services = [
    ...connection.services,
    ...engines.map((url) => ({ name: 'engine', url: url.replace(/\/+$/, '') })),
  ];
  const stored = databases.every(({ state }) => state === 'ok');
  const later = unknown('partitions', 'not looked at', 'See to what is wrong above first.');
  const partitions = stored && log.ranges !== null ? await checkPartitions(connection, log.ranges, watchMs) : [later];
  const deadlines = stored ? await checkDeadlines(connection, Date.now()) : [];
  const deadLetters = stored && log.ranges !== null ? await checkDeadLetters(connection) : [];
  const definitions = stored ? await checkDefinitions(connection) : [];
  const imports = stored ? await checkImports(connection) : [];
  return [
    ...databases,
    ...log.findings,
    ...definitions,
    ...imports,
    ...partitions,
    ...deadlines,
    ...deadLetters,
    ...(await checkServices(services)),
  ];
}
