/**
 * Runs a service from its environment to its ordered stop.
 *
 * 1. `/metrics` and `/health` answer before anything is waited for.
 * 2. What starts last stops first.
 * 3. A start that fails, or is given up, stops what it has begun and leaves nothing open.
 * 4. The host takes no signals and never exits: whoever runs the service decides when it ends (ADR 0004).
 */
import 'reflect-metadata';
import { type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { ConfigurationError, IN_PROCESS, readEnvironment } from '@perennial/config';
import { createKafkaLog } from '@perennial/kafka';
import { createLogger, createMetrics, HealthRegistry } from '@perennial/observability';
import { type Log, prefixed, type StreamObserver, watchLink } from '@perennial/stream';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { Dependencies } from './dependencies';
import { nestLogger } from './nest-logger';
import { ObservabilityModule } from './observability.module';
import type { LogSettings, Running, ServiceDefinition, ServiceOptions, ServiceParts, ServiceSettings } from './service';
import { Startup } from './startup';

/**
 * Resolves once the service works. Rejects with `ConfigurationError`, with whatever waiting does not mend (what `connect`
 * rejects with), and when `abort` aborts.
 */
export async function host<Settings extends ServiceSettings>(
  { name, environment, needs, open }: ServiceDefinition<Settings>,
  { environment: variables, log: given, abort, logTo }: ServiceOptions,
): Promise<Running> {
  const settings = readEnvironment(environment, variables);
  const logger = createLogger({ name, level: settings.logLevel, destination: logTo });
  const metrics = createMetrics(name);
  const dependencies = new Dependencies(needs);
  const lifetime = new Lifetime();
  const giveUp = (): void => {
    lifetime.end(abort?.reason);
  };
  abort?.addEventListener('abort', giveUp, { once: true });
  try {
    const parts = open({
      settings,
      logger,
      metrics,
      dependencies,
      onStop: lifetime.onStop,
      openLog: (choice) => {
        const log = given ?? connectLog(name, choice, logger, dependencies.link);
        if (given === null) lifetime.onStop(() => log.close());
        return prefixed(log, choice.prefix);
      },
      watch: (server, ask) => {
        lifetime.onStop(watchLink(server, ask, dependencies.link));
      },
    });
    const app = await createApp(parts, metrics, logger);
    lifetime.onStop(() => app.close());
    parts.http?.prepare?.(app);
    await app.listen(settings.http.port, settings.http.host);
    abort?.throwIfAborted();
    await parts.connect(new Startup(logger, lifetime.signal));
    await app.startAllMicroservices();
    dependencies.started();
    return { url: await app.getUrl(), stop: lifetime.stop };
  } catch (error) {
    await lifetime.stop();
    throw error;
  } finally {
    abort?.removeEventListener('abort', giveUp);
  }
}

@Module({})
class AppModule {}

async function createApp(
  { module, ready, http = {}, consumers = [] }: ServiceParts,
  metrics: Registry,
  logger: Logger,
): Promise<INestApplication> {
  const health = new HealthRegistry();
  for (const [name, check] of Object.entries(ready)) health.add('ready', name, check);
  const probes = ObservabilityModule.with({ metrics, health });
  const root = { ...module, module: AppModule, imports: [probes, ...(module.imports ?? [])] };
  const options = { ...http.options, logger: nestLogger(logger) };
  const app = await (http.adapter === undefined
    ? NestFactory.create(root, options)
    : NestFactory.create(root, http.adapter, options));
  for (const strategy of consumers) app.connectMicroservice<MicroserviceOptions>({ strategy });
  return app;
}

function connectLog(
  clientId: string,
  { kafka, gap = () => undefined }: LogSettings,
  logger: Logger,
  link: StreamObserver['link'],
): Log {
  if (kafka === null)
    throw new ConfigurationError([
      `KAFKA_BROKERS: ${IN_PROCESS} is for services inside \`perennial up\`; name the brokers.`,
    ]);
  return createKafkaLog({ ...kafka, clientId, logger, observer: { link, gap, assigned: () => undefined } });
}

/** From the start of a service to its stop. */
class Lifetime {
  private readonly closes: (() => Promise<void> | void)[] = [];
  private readonly ending = new AbortController();
  private stopped: Promise<void> | null = null;

  /** Aborts when nothing is to be waited for any more. */
  get signal(): AbortSignal {
    return this.ending.signal;
  }

  readonly onStop = (close: () => Promise<void> | void): void => {
    this.closes.push(close);
  };

  end(reason?: unknown): void {
    this.ending.abort(reason);
  }

  readonly stop = (): Promise<void> => (this.stopped ??= this.closeAll());

  private async closeAll(): Promise<void> {
    this.end();
    for (const close of this.closes.toReversed()) await close();
  }
}
