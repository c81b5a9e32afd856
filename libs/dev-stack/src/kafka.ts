import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { privateFolder } from './stack-files';
import { type ServerProcess, startServer, type Startup } from './server-process';

interface KafkaOptions extends Startup {
  readonly folder: string;
  readonly java: string;
  /** Folder whose `lib` holds the jars. */
  readonly jars: string;
  readonly ports: { readonly broker: number; readonly controller: number };
  readonly logFile: string;
  /** More lines of server.properties. */
  readonly properties?: Readonly<Record<string, string>>;
}
export interface Kafka {
  readonly brokers: string;
  readonly server: ServerProcess;
}

/** Starts one broker that is its own controller (KRaft) on 127.0.0.1; formats its data the first time. */
export async function startKafka(options: KafkaOptions): Promise<Kafka> {
  const { folder, java, jars, ports, logFile } = options;
  // The broker makes its files readable for everybody.
  for (const path of [folder, join(folder, 'data')]) privateFolder(path);
  const propertiesFile = join(folder, 'server.properties');
  const logging = join(folder, 'log4j2.properties');
  writeFileSync(propertiesFile, lines({ ...serverProperties(folder, ports), ...options.properties }));
  writeFileSync(logging, LOGGING);
  const jvm = [`-Dlog4j2.configurationFile=${logging}`, '-cp', join(jars, 'lib', '*')];
  if (!existsSync(join(folder, 'data', 'meta.properties'))) await format(options, jvm, propertiesFile);
  const server = await startServer(
    {
      name: 'Kafka',
      command: java,
      args: [...HEAP, ...jvm, 'kafka.Kafka', propertiesFile],
      logFile,
      gentle: 'SIGTERM',
      forced: 'SIGKILL',
      ready: () => readFileSync(logFile, 'utf8').includes('Kafka Server started'),
    },
    options,
  );
  return { brokers: `127.0.0.1:${ports.broker}`, server };
}

/** For one machine: the concurrent collector takes a share of a processor that the services need more. */
const HEAP = ['-Xmx512m', '-XX:+UseSerialGC'];

/** A static quorum: its port may change from start to start, a dynamic one keeps the port in its data. */
function serverProperties(folder: string, { broker, controller }: KafkaOptions['ports']): Record<string, string> {
  return {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    listeners: `PLAINTEXT://127.0.0.1:${broker},CONTROLLER://127.0.0.1:${controller}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${broker}`,
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': join(folder, 'data'),
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '4',
    // A quarter of the heap by default.
    'log.cleaner.dedupe.buffer.size': String(32 * 1024 * 1024),
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
    'auto.create.topics.enable': 'false',
  };
}

/** Warnings only, and the one line that tells when the broker is of use. */
const LOGGING = `status = off
rootLogger.level = warn
rootLogger.appenderRef.out.ref = out
appender.out.type = Console
appender.out.name = out
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d{ISO8601} %-5p %c{1} - %m%n
logger.started.name = kafka.server.KafkaRaftServer
logger.started.level = info
`;

async function format(
  { java, folder, abort }: KafkaOptions,
  jvm: readonly string[],
  propertiesFile: string,
): Promise<void> {
  // Half a format is no data yet.
  rmSync(join(folder, 'data'), { recursive: true, force: true });
  privateFolder(join(folder, 'data'));
  // Joined to its option, since it may begin with a dash.
  const cluster = randomBytes(16).toString('base64url');
  const tool = ['kafka.tools.StorageTool', 'format', `--cluster-id=${cluster}`, '-c', propertiesFile];
  await promisify(execFile)(java, [...jvm, ...tool], { signal: abort });
}

function lines(properties: Readonly<Record<string, string>>): string {
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value.replaceAll('\\', '\\\\')}\n`)
    .join('');
}
