import type { LogChoice, ToolEnvironment } from '@perennial/config';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '@perennial/stream';
import { InvalidInput } from '@perennial/values';
import { fetchJars, findJava, type FoundJava, haveJars, haveMaven, JAVA_LEAST, kafkaJars } from './kafka-runtime';
import { startKafka } from './kafka';
import { thisMachine } from './machine/machine';
import { remedyFor } from './machine/requirements';
import type { OpenParts } from './open-parts';
import { repository } from './repository';
import type { Startup } from './server-process';
import { keyFrom } from './stack-files';
import type { StackHome } from './stack-home';
import type { LogAddress } from './stack-state';

interface LogPorts {
  readonly broker: number;
  readonly controller: number;
  readonly served: number;
}

/** Starts the log that fits this machine, or connects to the brokers of the environment. */
export async function startLog(
  home: StackHome,
  parts: OpenParts,
  ports: LogPorts,
  options: Startup & { readonly environment: ToolEnvironment; readonly say: (line: string) => void },
): Promise<StartedLog> {
  const jars = kafkaJars(join(repository, 'deploy/dev/pom.xml'), home.cache);
  const plan = planLog(options.environment.log, () => ({
    java: findJava(options.environment.javaHome),
    jars: haveJars(jars) || haveMaven(),
    data: dataOf(home),
    remedy: () => remedyFor(['java', 'maven'], thisMachine),
  }));
  switch (plan.kind) {
    case 'brokers':
      return { address: { kind: 'kafka', brokers: plan.brokers }, log: null };
    case 'in-process': {
      if (plan.notice !== null) options.say(plan.notice);
      return serveInProcessLog(home, parts, ports.served);
    }
    case 'kafka': {
      if (!haveJars(jars)) {
        options.say(`Fetching Kafka ${jars.version} with Maven (once).`);
        await fetchJars(jars, options.abort);
      }
      options.say(`Starting Kafka ${jars.version}.`);
      const logFile = join(home.logs, 'kafka.log');
      const kafka = await startKafka({
        folder: home.kafka,
        java: plan.java,
        jars: jars.folder,
        ports,
        logFile,
        ...options,
      });
      parts.servers.log = kafka.server;
      return { address: { kind: 'kafka', brokers: kafka.brokers }, log: null };
    }
  }
}

function dataOf(home: StackHome): LogMeans['data'] {
  if (existsSync(join(home.kafka, 'data', 'meta.properties'))) return 'kafka';
  return existsSync(home.inProcessLog) ? 'in-process' : 'none';
}

/** A log that was started here, or that brokers of the environment serve. */
export interface StartedLog {
  readonly address: LogAddress;
  /** The log itself when it lives in this process. */
  readonly log: Log | null;
}

/** A durable log within this process, served to the other programs of this user on 127.0.0.1. */
async function serveInProcessLog(home: StackHome, parts: OpenParts, port: number): Promise<StartedLog> {
  const { createInProcessLog, serveLog } = await import('@perennial/stream');
  const log = createInProcessLog({ directory: home.inProcessLog, now: Date.now, schedule: setImmediate });
  parts.closeLog = () => log.close();
  const token = keyFrom(join(home.keys, 'log'));
  const served = await serveLog(log, { token, port });
  parts.closeLog = async () => {
    await served.close();
    await log.close();
  };
  return { address: { kind: 'served', url: served.url, token }, log };
}

/** Which log a stack runs on. */
type LogPlan =
  | { readonly kind: 'brokers'; readonly brokers: string }
  | { readonly kind: 'kafka'; readonly java: string }
  /** `notice`: what the user should know about it; null when they asked for it. */
  | { readonly kind: 'in-process'; readonly notice: string | null };

/** What the choice of a log depends on. */
export interface LogMeans {
  readonly java: FoundJava;
  /** The jars are there, or can be fetched. */
  readonly jars: boolean;
  /** Which log the stack's data was made with so far. */
  readonly data: 'kafka' | 'in-process' | 'none';
  /** The command that installs what Kafka needs. */
  readonly remedy: () => string;
}

/** Kafka wherever it can run. A stack stays with the log that its data was made with: offsets mean nothing in another. */
export function planLog(choice: LogChoice, means: () => LogMeans): LogPlan {
  if (choice.kind === 'brokers') return choice;
  const { java, jars, data, remedy } = means();
  if (choice.kind === 'in-process')
    return data === 'kafka' ? refuse('is made with Kafka; unset KAFKA_BROKERS') : { kind: 'in-process', notice: null };
  if (data === 'in-process')
    return {
      kind: 'in-process',
      notice:
        'This stack keeps to the log inside the process, since its data is there. --reset moves it to Kafka and deletes the data.',
    };
  if (java.kind === 'found' && jars) return { kind: 'kafka', java: java.command };
  const lacking =
    java.kind === 'found'
      ? 'Maven (to fetch Kafka)'
      : `Java ${JAVA_LEAST} or newer${java.kind === 'too-old' ? ` (this is ${java.version})` : ''}`;
  if (data === 'kafka') return refuse(`is made with Kafka, and ${lacking} is missing: ${remedy()}`);
  return {
    kind: 'in-process',
    notice: `Without ${lacking} there is no Kafka: a log inside this process takes its place. Fine for a try, not for production. To get Kafka: ${remedy()}`,
  };
}

function refuse(why: string): never {
  throw new InvalidInput('STACK.OTHER_LOG', `The data of this stack ${why}, or start once with --reset to delete it.`);
}
