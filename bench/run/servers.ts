/**
 * The servers of a run: a broker and a PostgreSQL of its own with all durability on, or those of KAFKA_BROKERS and
 * DATABASE_URL. They end with the run, whatever becomes of it; those of a killed run are ended by the next one.
 */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEnvironment, toolEnvironment } from '@perennial/config';
import { InvalidInput } from '@perennial/values';
import {
  endRecorded,
  fetchJars,
  findJava,
  freePorts,
  haveJars,
  identify,
  kafkaJars,
  type RecordedProcess,
  recordProcess,
  repository,
  type ServerProcess,
  startKafka,
  startPostgres,
} from '@perennial/dev-stack';
import { serverSettings } from './database';

export interface Servers {
  readonly brokers: string;
  /** A database of the server, to create others from. */
  readonly databaseUrl: string;
  /** For what the bench writes. */
  readonly folder: string;
  readonly cache: string;
  /** Null without Java. */
  readonly java: string | null;
  /** Of those that the bench has started itself. */
  readonly pids: { readonly kafka?: number; readonly postgres?: number };
  readonly settings: Readonly<Record<string, string>>;
  readonly onSpawn: (process: RecordedProcess) => void;
  end(): Promise<void>;
}

const PREFIX = 'perennial-bench-';

/** Gives up when it is aborted. */
export async function startServers(say: (line: string) => void, abort: AbortSignal): Promise<Servers> {
  await clearKilledRuns();
  const { log, database, cache: chosen, javaHome } = readEnvironment(toolEnvironment);
  const found = findJava(javaHome);
  const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  chmodSync(folder, 0o755); // the database server of root runs as another user
  const started: ServerProcess[] = [];
  const pids: Record<string, number> = {};
  const onSpawn = (server: RecordedProcess): void => {
    pids[server.name.toLowerCase()] = server.pid;
    recordProcess(join(folder, 'processes'), server);
  };
  const means = { folder, cache: chosen ?? join(homedir(), '.cache', 'perennial'), onSpawn, say, started, abort };
  const java = found.kind === 'found' ? found.command : null;
  const end = async (): Promise<void> => {
    await Promise.all(started.map((server) => server.stop()));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    if (log.kind === 'in-process')
      throw new InvalidInput('BENCH.NO_BROKER', 'The bench needs Kafka: name brokers in KAFKA_BROKERS, or unset it.');
    if (database?.variable === 'DATABASE_URLS')
      throw new InvalidInput(
        'BENCH.SEVERAL_DATABASES',
        'The bench makes its databases on one server: set DATABASE_URL.',
      );
    const url = database?.value ?? (await ownPostgres(means));
    const brokers = log.kind === 'brokers' ? log.brokers : await ownBroker(means, java);
    const settings = {
      broker: log.kind === 'brokers' ? 'given' : 'own, -Xmx512m -XX:+UseSerialGC',
      ...(await serverSettings(url)),
    };
    const { kafka, postgresql: postgres } = pids;
    const known = { ...(kafka === undefined ? {} : { kafka }), ...(postgres === undefined ? {} : { postgres }) };
    return { brokers, databaseUrl: url, folder, cache: means.cache, java, pids: known, settings, onSpawn, end };
  } catch (error) {
    await end();
    throw error;
  }
}

interface Means {
  readonly folder: string;
  readonly cache: string;
  readonly onSpawn: (server: RecordedProcess) => void;
  readonly say: (line: string) => void;
  readonly started: ServerProcess[];
  readonly abort: AbortSignal;
}

async function ownPostgres({ folder, onSpawn, started, say, abort }: Means): Promise<string> {
  say('Starting PostgreSQL.');
  const [port = 0] = await freePorts([null]);
  const place = { folder: join(folder, 'postgres'), logFile: join(folder, 'postgres.log') };
  const { url, server } = await startPostgres({ ...place, port, password: 'perennial', onSpawn, abort });
  started.push(server);
  return url;
}

async function ownBroker({ folder, cache, onSpawn, started, say, abort }: Means, java: string | null): Promise<string> {
  if (java === null) throw new InvalidInput('BENCH.NO_JAVA', 'A broker needs Java 17 or newer; or set KAFKA_BROKERS.');
  mkdirSync(cache, { recursive: true });
  const jars = kafkaJars(join(repository, 'deploy/dev/pom.xml'), cache);
  if (!haveJars(jars)) await fetchJars(jars, abort);
  say(`Starting Kafka ${jars.version}.`);
  const [broker = 0, controller = 0] = await freePorts([null, null]);
  const place = { folder: join(folder, 'kafka'), logFile: join(folder, 'kafka.log') };
  const { brokers, server } = await startKafka({
    ...place,
    java,
    jars: jars.folder,
    ports: { broker, controller },
    // Kafka's own default: engines that start together come into the group together.
    properties: { 'group.initial.rebalance.delay.ms': '3000' },
    onSpawn,
    abort,
  });
  started.push(server);
  return brokers;
}

async function clearKilledRuns(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const pid = name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length).split('-')[0]) : Number.NaN;
    if (Number.isNaN(pid) || identify(pid) !== null) continue;
    await endRecorded(join(tmpdir(), name, 'processes'));
    rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}
