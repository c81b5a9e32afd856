import type { ToolEnvironment } from '@perennial/config';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { thisMachine } from './machine/machine';
import { remedyFor } from './machine/packages';
import { repository } from './repository';
import { serveInProcessLog, type StartedLog } from './in-process-log';
import { findJava } from './java';
import { startKafka } from './kafka';
import { fetchJars, haveJars, haveMaven, kafkaJars } from './kafka-jars';
import { planLog, type LogMeans } from './log-plan';
import type { OpenParts } from './open-parts';
import type { Startup } from './server-process';
import type { StackHome } from './stack-home';

export interface LogPorts {
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
