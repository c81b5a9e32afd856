import 'reflect-metadata';
import type { Server } from 'node:http';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import {
  type CollectorEnvironment,
  collectorEnvironment,
  ConfigurationError,
  type Environment,
  IN_PROCESS,
  readEnvironment,
} from '@perennial/config';
import { createKafkaLog } from '@perennial/kafka';
import {
  createLogger,
  createMetrics,
  declareCollectorMetrics,
  HealthRegistry,
  nestLogger,
} from '@perennial/observability';
import { abortable, type Log, type LogAdmin, prefixed, type StreamObserver, watchLink } from '@perennial/stream';
import type { Logger } from 'pino';
import { AppModule } from './app.module';
import { createIntake } from './create-intake';
import { answerBroken } from './http/answer-broken';
import { letPagesRead } from './http/cross-origin';
import { BoundedHttpAdapter } from './http/http-adapter';
import { HTTP_TIMEOUTS } from './http/limits';
import { ShapeErrors } from './http/shape-errors';
import { endConnectionsOnClose } from './last-answers';
import { watchHealth } from './watch-health';
import { watchWriteKeys } from './watch-write-keys';
import { WriteKeys } from './write-keys';

export interface Options {
  /** Checked here; throws `ConfigurationError`. */
  readonly environment: Environment;
  /** The log, when it lives in this process; null: the brokers of the environment. */
  readonly log: Log | null;
  /** Start-up that waits for the broker is given up when it aborts. */
  readonly abort?: AbortSignal;
  /** Where log lines go; default: stderr. */
  readonly logTo?: { write(line: string): void };
}

export interface Running {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts the collector: it answers at once, with 503 until the log is there. Resolves when the log is there; rejects
 * on what waiting does not mend, and when `abort` aborts.
 */
export async function start({ environment, log: given, abort, logTo }: Options): Promise<Running> {
  const settings = readEnvironment(collectorEnvironment, environment);
  const logger = createLogger({ name: 'collector', level: settings.logLevel, destination: logTo });
  const metrics = createMetrics('collector');
  const health = new HealthRegistry();
  const watch = watchHealth(health);
  const own = given === null ? connect(settings, logger, watch.link) : null;
  const log = prefixed(given ?? own ?? missing(), settings.topicPrefix);
  const producer = log.producer();
  const collected = declareCollectorMetrics(metrics);
  const keys = new WriteKeys(settings.writeKeys, settings.database === null ? 'none' : 'awaited');
  const intake = createIntake(settings, keys, producer, collected, logger);
  const adapter = new BoundedHttpAdapter(
    { ...HTTP_TIMEOUTS, connections: settings.connections },
    answerBroken(intake),
    () => {
      collected.droppedConnections.inc();
    },
  );
  const { origins } = settings;
  const module = AppModule.with({ intake, origins, metrics, health });
  const app = await NestFactory.create<NestExpressApplication>(module, adapter, {
    bodyParser: false,
    logger: nestLogger(logger),
  });
  app.disable('x-powered-by');
  app.useGlobalFilters(new ShapeErrors(intake));
  const server: Server = app.getHttpServer();
  const connections = endConnectionsOnClose(server, HTTP_TIMEOUTS.requestTimeoutMs);
  letPagesRead(server, origins.pages);
  await app.listen(settings.http.port, settings.http.host);
  const fromFile = settings.writeKeys.size > 0;
  if (fromFile) collected.writeKeys.set({ source: 'file' }, settings.writeKeys.size);
  const endKeys =
    settings.database === null
      ? null
      : watchWriteKeys(settings.database, { keys, fromFile, metrics: collected, health, logger });
  const watching = { end: (): void => undefined };
  /** What is being answered is answered, and no more is taken, however long the database takes; then the log is let go. */
  const stop = async (): Promise<void> => {
    watching.end();
    connections.end();
    await app.close();
    await endKeys?.();
    await producer.close();
    await own?.close();
  };
  try {
    await (abort === undefined ? producer.connect() : abortable(producer.connect(), abort));
  } catch (error) {
    await stop();
    throw error;
  }
  watch.started();
  watching.end = watchLink('probe', () => reach(log.admin()), watch.link);
  return { url: await app.getUrl(), stop };
}

function connect({ kafka }: CollectorEnvironment, logger: Logger, link: StreamObserver['link']): Log | null {
  if (kafka === null) return null;
  const observer: StreamObserver = { link, gap: () => undefined, assigned: () => undefined };
  return createKafkaLog({ ...kafka, clientId: 'collector', logger, observer });
}

async function reach(admin: LogAdmin): Promise<void> {
  try {
    await admin.connect();
  } finally {
    await admin.close();
  }
}

function missing(): never {
  throw new ConfigurationError([
    `KAFKA_BROKERS: ${IN_PROCESS} is for services inside \`perennial up\`; name the brokers.`,
  ]);
}
