/** The way to a running installation, for tools: its log, what is stored, and its key. */
import {
  engineEnvironment,
  type EngineEnvironment,
  type Environment,
  environmentWith,
  type KafkaSettings,
  readEnvironment,
  toolEnvironment,
  type ToolEnvironment,
} from '@perennial/config';
import { InvalidInput } from '@perennial/values';
import type { Signing } from '@perennial/engine';
import type { ImportStatuses } from '@perennial/importer';
import type {
  DeadLetterResolutions,
  Inspection,
  PublishedDefinitions,
  Reports,
  SignedNumbers,
  Skips,
  Tenants,
  Turn,
  WriteKeys,
} from '@perennial/store';
import type { Log } from '@perennial/stream';
import type { Terminal } from '@perennial/command-line';
import { findStack, type Stack, type StackHome, type StackState } from '@perennial/dev-stack';

export interface Connection {
  readonly log: Log;
  readonly reports: Reports;
  readonly imports: ImportStatuses;
  readonly deadLetters: DeadLetterResolutions;
  readonly inspection: Inspection;
  readonly skips: Skips;
  readonly tenants: Tenants;
  readonly writeKeys: WriteKeys;
  readonly published: PublishedDefinitions;
  readonly signing: Signing;
  /** For what is signed. */
  readonly numbers: SignedNumbers;
  readonly partitions: number;
  readonly topics: EngineEnvironment['topics'];
  /** Addresses of services on this machine that are known without asking. */
  readonly services: readonly { readonly name: string; readonly url: string }[];
  /** The stack on this machine that it leads to; null: servers of the environment. */
  readonly home: StackHome | null;
  /** Brings the databases to this release's schema. */
  migrate(): Promise<void>;
  /** Takes the turn at work that one process may do at a time; null while another has it. */
  takeTurn(name: string): Promise<Turn | null>;
  close(): Promise<void>;
}

/** Connects to the installation of the environment, else to the stack that runs on this machine. */
export async function findConnection(terminal: Terminal): Promise<Connection> {
  const environment = readEnvironment(toolEnvironment);
  if (namesInstallation(environment)) return await connect(environmentWith({}), null, { services: [], home: null });
  const stack = await findStack({ environment, say: terminal.say });
  refuseHalfNamed(environment, stack?.state ?? null);
  if (stack !== null) return await connectTo(stack);
  throw new InvalidInput(
    'CLI.NOTHING_RUNS',
    'No stack runs here. Start one with `npm start` or `perennial up`, or set KAFKA_BROKERS, DATABASE_URL (or DATABASE_URLS) and PERENNIAL_KEY_FILE.',
  );
}

/** Works with the connection that is found, and closes it. */
export async function withConnection(
  terminal: Terminal,
  work: (connection: Connection) => Promise<void>,
): Promise<void> {
  const connection = await findConnection(terminal);
  try {
    await work(connection);
  } finally {
    await connection.close();
  }
}

/** Works with the connection to a stack, and closes it. */
export async function withConnectionTo(
  stack: Pick<Stack, 'environment' | 'log' | 'state' | 'home'>,
  work: (connection: Connection) => Promise<void>,
): Promise<void> {
  const connection = await connectTo(stack);
  try {
    await work(connection);
  } finally {
    await connection.close();
  }
}

export async function connectTo({
  environment,
  log,
  state,
  home,
}: Pick<Stack, 'environment' | 'log' | 'state' | 'home'>): Promise<Connection> {
  const { createRemoteLog } = await import('@perennial/stream');
  const served = state.log.kind === 'served' ? createRemoteLog(state.log.url, state.log.token) : null;
  return connect(environment, log === null ? served : borrowed(log), { services: state.services, home });
}

async function connect(
  environment: Environment,
  given: Log | null,
  known: Pick<Connection, 'services' | 'home'>,
): Promise<Connection> {
  const settings = readEnvironment(engineEnvironment, environment);
  const { database: at, topics } = settings;
  const [{ Signing: Signer }, { createKafkaLog }, { createLogger }, store, { prefixed }] = await Promise.all([
    import('@perennial/engine'),
    import('@perennial/kafka'),
    import('@perennial/observability'),
    import('@perennial/store'),
    import('@perennial/stream'),
  ]);
  const logger = createLogger({ name: 'perennial', level: 'error' });
  const log = prefixed(
    given ?? createKafkaLog({ ...brokersOf(settings), clientId: 'perennial-cli', logger }),
    topics.prefix,
  );
  const tls = at.ssl === null || at.ssl === false ? {} : { tls: at.ssl };
  const timeouts = { queryTimeoutMs: at.queryTimeoutMs, connections: 2, applicationName: 'perennial cli' };
  const databases = store.openDatabases(at.groups, { ...tls, ...timeouts });
  const { first } = databases;
  return {
    log,
    reports: store.createReports(databases),
    imports: store.createImports(first.database),
    deadLetters: store.createDeadLetterResolutions(first.database),
    inspection: store.createInspection(databases),
    skips: store.createSkips(databases),
    tenants: store.createTenants(first.database),
    writeKeys: store.createWriteKeys(first.database),
    published: store.createPublishedDefinitions(databases),
    signing: new Signer(Buffer.from(settings.key, 'utf8')),
    numbers: store.createSignedNumbers(first.database),
    partitions: topics.partitions,
    topics,
    ...known,
    takeTurn: (name) => store.takeTurn(first.url, name, at.ssl || undefined),
    migrate: async () => {
      for (const { url } of at.groups) await store.migrate(url, at.ssl || undefined);
    },
    close: async () => {
      await log.close();
      await databases.close();
    },
  };
}

function brokersOf({ kafka }: EngineEnvironment): KafkaSettings {
  if (kafka !== null) return kafka;
  throw new InvalidInput(
    'CLI.LOG_ELSEWHERE',
    'KAFKA_BROKERS names the log of another process; run this beside `perennial up`, without it.',
  );
}

/** A log of the host: it is not ours to close. */
const borrowed = (log: Log): Log => ({
  consumer: (options) => log.consumer(options),
  producer: () => log.producer(),
  admin: () => log.admin(),
  reader: () => log.reader(),
  close: () => Promise.resolve(),
});

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
