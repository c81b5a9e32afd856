import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { type Environment, type EngineEnvironment, engineEnvironment, readEnvironment } from '@perennial/config';
import {
  createLogger,
  createMetrics,
  declareEngineMetrics,
  HealthRegistry,
  meterEngine,
  nestLogger,
} from '@perennial/observability';
import { type Log, prefixed, watchLink } from '@perennial/stream';
import type { Logger } from 'pino';
import { AppModule } from './app.module';
import { assemble, type Trial } from './assemble';
import { connectLog, missingLog } from './connect-log';
import { logEngine, together } from './observe';
import { prepare } from './prepare';
import { watchCheckpoints } from './watch-checkpoints';
import { watchHealth } from './watch-health';

export interface Options {
  /** Checked here; throws `ConfigurationError`. */
  readonly environment: Environment;
  /** The log, when it lives in this process; null: the brokers of the environment. */
  readonly log: Log | null;
  /** Start-up that waits for broker or database is given up when it aborts. */
  readonly abort?: AbortSignal;
  /** Where log lines go; default: stderr. */
  readonly logTo?: { write(line: string): void };
  /** Only tests give it. */
  readonly trial?: Trial;
}

export interface Running {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts the engine: health and metrics first, then what needs broker and database, as soon as they are there.
 * Rejects on what waiting does not mend: a wrong configuration, another topic layout, a newer schema.
 */
export async function start({ environment, log, abort, logTo, trial = {} }: Options): Promise<Running> {
  const settings = readEnvironment(engineEnvironment, environment);
  const logger = createLogger({ name: 'lifecycle-engine', level: settings.logLevel, destination: logTo });
  const host = await hostOf(settings, log, logger, trial);
  abort?.addEventListener('abort', host.giveUp, { once: true });
  try {
    abort?.throwIfAborted();
    await host.begin();
  } catch (error) {
    await host.stop();
    throw error;
  } finally {
    abort?.removeEventListener('abort', host.giveUp);
  }
  return host;
}

interface Host extends Running {
  begin(): Promise<void>;
  /** Waits for nothing any more. */
  readonly giveUp: () => void;
}

async function hostOf(settings: EngineEnvironment, given: Log | null, logger: Logger, trial: Trial): Promise<Host> {
  const metrics = createMetrics('lifecycle-engine');
  const health = new HealthRegistry();
  const watch = watchHealth(health);
  const engineMetrics = declareEngineMetrics(metrics);
  const observer = together(meterEngine(engineMetrics), logEngine(logger), watch.engine);
  const stepped = (): void => {
    engineMetrics.offsetGaps.inc();
  };
  const own = given === null ? connectLog(settings, logger, { ...watch.stream, stepped }) : null;
  const log = prefixed(given ?? own ?? missingLog(), settings.topics.prefix);
  const parts = assemble(settings, log, observer, watchCheckpoints(engineMetrics, logger), trial);
  const app = await NestFactory.create(AppModule.with({ engine: parts.engine, metrics, health }), {
    logger: nestLogger(logger),
  });
  app.connectMicroservice<MicroserviceOptions>({ strategy: parts.strategy });
  await app.listen(settings.http.port, settings.http.host);
  const stopping = new AbortController();
  const watches = parts.databases.groups.map(({ name, database }) =>
    watchLink(name, () => database.ping(), watch.stream.link),
  );
  return {
    url: await app.getUrl(),
    begin: async () => {
      await prepare(settings, log, parts, logger, stopping.signal);
      await app.startAllMicroservices();
      watch.started();
    },
    giveUp: () => {
      stopping.abort();
    },
    stop: async () => {
      stopping.abort();
      for (const stopWatching of watches) stopWatching();
      await parts.engine.stop();
      await app.close();
      await parts.producer.close();
      await parts.databases.close();
      await own?.close();
    },
  };
}
