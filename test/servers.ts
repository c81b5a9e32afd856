/**
 * One PostgreSQL and one Kafka broker for all integration specs (Jest's globalSetup).
 *
 * 1. Specs find them in DATABASE_URL and KAFKA_BROKERS; the jars of Kafka (for its Java clients) in TEST_KAFKA_JARS.
 * 2. Both end with the run: in globalTeardown, or here when one of them does not start, or by the exit hook of
 *    server-process.ts. Servers of a killed run are ended by the next one.
 * 3. Specs share them: use topics and databases with names of your own.
 */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as DevStack from '@perennial/dev-stack';

const root = join(__dirname, '..');
/** The built lib: this file runs outside Jest's sandbox, where the sources' aliases mean nothing. */
const built = createRequire(__filename)(join(root, 'dist/libs/dev-stack/src/index.js')) as typeof DevStack;
const { endRecorded, fetchJars, findJava, freePorts, haveJars, identify, kafkaJars, recordProcess } = built;
const { startKafka, startPostgres } = built;

const PREFIX = 'perennial-test-';
const started: DevStack.ServerProcess[] = [];
let folder = '';

export default async function startServers(): Promise<void> {
  await clearKilledRuns();
  folder = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  // The server of root runs as another user.
  chmodSync(folder, 0o755);
  try {
    const [postgres, broker, controller] = await freePorts([null, null, null]);
    // Both are waited for: one that is still starting while the other fails must end too.
    const starts = await Promise.allSettled([startDatabase(postgres ?? 0), startBroker(broker ?? 0, controller ?? 0)]);
    for (const start of starts) if (start.status === 'rejected') throw start.reason;
  } catch (error) {
    await stopServers();
    throw error;
  }
}

export async function stopServers(): Promise<void> {
  await Promise.all(started.splice(0).map((server) => server.stop()));
  rmSync(folder, { recursive: true, force: true });
}

async function startDatabase(port: number): Promise<void> {
  const { url, server } = await startPostgres({
    folder: join(folder, 'postgres'),
    port,
    password: 'perennial',
    logFile: join(folder, 'postgres.log'),
    settings: ['fsync=off', 'full_page_writes=off', 'max_connections=200'],
    onSpawn,
  });
  started.push(server);
  process.env['DATABASE_URL'] = url;
}

async function startBroker(broker: number, controller: number): Promise<void> {
  const java = findJava(process.env['JAVA_HOME'] ?? null);
  if (java.kind !== 'found') throw new Error('The integration specs need Java 17 or newer: node deploy/dev/require.js');
  const cache = process.env['PERENNIAL_CACHE'] ?? join(homedir(), '.cache', 'perennial');
  mkdirSync(cache, { recursive: true });
  const jars = kafkaJars(join(root, 'deploy/dev/pom.xml'), cache);
  if (!haveJars(jars)) await fetchJars(jars);
  const { brokers, server } = await startKafka({
    folder: join(folder, 'kafka'),
    java: java.command,
    jars: jars.folder,
    ports: { broker, controller },
    logFile: join(folder, 'kafka.log'),
    properties: { 'group.min.session.timeout.ms': '500' },
    onSpawn,
  });
  started.push(server);
  process.env['KAFKA_BROKERS'] = brokers;
  process.env['TEST_KAFKA_JARS'] = join(jars.folder, 'lib');
}

function onSpawn(server: DevStack.RecordedProcess): void {
  recordProcess(join(folder, 'processes'), server);
}

async function clearKilledRuns(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const pid = name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length).split('-')[0]) : Number.NaN;
    if (Number.isNaN(pid) || identify(pid) !== null) continue;
    await endRecorded(join(tmpdir(), name, 'processes'));
    rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}
