import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import {
  ConfigurationError,
  type Environment,
  type EngineEnvironment,
  engineEnvironment,
  IN_PROCESS,
  readEnvironment,
} from '@perennial/config';
import { TOPIC } from '@perennial/contracts';
import {
  createLogger,
  createMetrics,
  declareEngineMetrics,
  HealthRegistry,
  meterEngine,
  nestLogger,
} from '@perennial/observability';
import { checkLayout, migrate } from '@perennial/store';
import { createKafkaLog, type Log, prefixed, type StreamObserver, topicSpecs } from '@perennial/stream';
import type { Logger } from 'pino';
import { AppModule } from './app.module';
import { assemble, type Assembly } from './assemble';
import { logEngine, together } from './observe';
import { untilAvailable } from './until-available';
import { watchHealth } from './watch-health';

export interface Options {
  /** Checked here; throws `ConfigurationError`. */
  readonly environment: Environment;
  /** The log, when it lives in this process; null: the brokers of the environment. */
  readonly log: Log | null;
}

export interface Running {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts the engine: health and metrics first, then what needs broker and database, as soon as they are there.
 * Rejects on what waiting does not mend: a wrong configuration, another topic layout, a newer schema.
 */
export async function start({ environment, log }: Options): Promise<Running> {
  const settings = readEnvironment(engineEnvironment, environment);
  const logger = createLogger({ name: 'lifecycle-engine', level: settings.logLevel });
  const host = await hostOf(settings, log, logger);
  try {
    await host.begin();
  } catch (error) {
    await host.stop();
    throw error;
  }
  return host;
}

function connect({ kafka }: EngineEnvironment, logger: Logger, { link }: Pick<StreamObserver, 'link'>): Log | null {
  if (kafka === null) return null;
  const observer: StreamObserver = {
    link,
    gap: (gap) => {
      logger.warn(gap, 'offsets were stepped over: compacted or control records');
    },
    assigned: () => undefined,
  };
  return createKafkaLog({ ...kafka, clientId: 'lifecycle-engine', logger, observer });
}

function missing(): never {
  throw new ConfigurationError([
    `KAFKA_BROKERS: ${IN_PROCESS} is for services inside \`perennial up\`; name the brokers.`,
  ]);
}

interface Host extends Running {
  begin(): Promise<void>;
}

async function hostOf(settings: EngineEnvironment, given: Log | null, logger: Logger): Promise<Host> {
  const metrics = createMetrics('lifecycle-engine');
  const health = new HealthRegistry();
  const watch = watchHealth(health);
  const observer = together(meterEngine(declareEngineMetrics(metrics)), logEngine(logger), watch.engine);
  const own = given === null ? connect(settings, logger, watch.stream) : null;
  const log = prefixed(given ?? own ?? missing(), settings.topics.prefix);
  const parts = assemble(settings, log, observer);
  const app = await NestFactory.create(AppModule.with({ engine: parts.engine, metrics, health }), {
    logger: nestLogger(logger),
  });
  app.connectMicroservice<MicroserviceOptions>({ strategy: parts.strategy });
  await app.listen(settings.http.port, settings.http.host);
  const stopping = new AbortController();
  return {
    url: await app.getUrl(),
    begin: async () => {
      await prepare(settings, log, parts, logger, stopping.signal);
      await app.startAllMicroservices();
      watch.started();
    },
    stop: async () => {
      stopping.abort();
      await parts.engine.stop();
      await app.close();
      await parts.producer.close();
      await parts.database.close();
      await own?.close();
    },
  };
}

/** Schema, topics, and that log and database belong together. */
async function prepare(
  settings: EngineEnvironment,
  log: Log,
  { database, producer }: Assembly,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  const admin = log.admin();
  const { prefix, partitions, replication } = settings.topics;
  await untilAvailable(() => migrate(settings.database.url, settings.database.ssl || undefined), logger, signal);
  await untilAvailable(() => admin.connect(), logger, signal);
  await untilAvailable(() => admin.createTopics(topicSpecs('', partitions, replication)), logger, signal);
  const cluster = await untilAvailable(() => admin.clusterId(), logger, signal);
  await untilAvailable(
    () => checkLayout(database, { topic: `${prefix}${TOPIC.activity}`, partitions, cluster }),
    logger,
    signal,
  );
  await admin.close();
  await producer.connect();
}
