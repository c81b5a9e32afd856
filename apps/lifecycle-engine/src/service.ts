import { engineEnvironment, type EngineEnvironment } from '@perennial/config';
import { host, type Opening, type Running, type ServiceOptions, type ServiceParts } from '@perennial/host';
import { declareEngineMetrics, meterEngine } from '@perennial/observability';
import { ActivityConsumer, assemble, ENGINE, type Trial } from './assemble';
import { logEngine, together, watchCheckpoints, watchPartitions } from './observe';
import { prepare } from './preparation';

/** What whoever runs an engine gives it. */
export interface Options extends ServiceOptions {
  /** Only tests give it. */
  readonly trial?: Trial;
}

/**
 * Starts the engine: health and metrics first, then what needs broker and database, as soon as they are there.
 * Rejects on what waiting does not mend: a wrong configuration, another topic layout, a newer schema.
 */
export function start({ trial = {}, ...options }: Options): Promise<Running> {
  const open = (opening: Opening<EngineEnvironment>): ServiceParts => openEngine(opening, trial);
  const service = { name: 'lifecycle-engine', environment: engineEnvironment, needs: 'broker and database', open };
  return host(service, options);
}

function openEngine(opening: Opening<EngineEnvironment>, trial: Trial): ServiceParts {
  const { settings, logger, dependencies } = opening;
  const metrics = declareEngineMetrics(opening.metrics);
  const partitions = watchPartitions(dependencies);
  const log = opening.openLog({
    kafka: settings.kafka,
    prefix: settings.topics.prefix,
    gap: (gap) => {
      metrics.offsetGaps.inc();
      logger.warn(gap, 'offsets were stepped over: compacted or control records');
    },
  });
  const observer = together(meterEngine(metrics), logEngine(logger), partitions.observer);
  const parts = assemble(settings, log, observer, watchCheckpoints(metrics, logger), trial);
  const { engine, databases, producer } = parts;
  opening.onStop(() => databases.close());
  opening.onStop(() => producer.close());
  return {
    module: { controllers: [ActivityConsumer], providers: [{ provide: ENGINE, useValue: engine }] },
    ready: {
      start: dependencies.start,
      partitions: partitions.assigned,
      dependencies: dependencies.away,
      log: partitions.running,
    },
    consumers: [parts.strategy],
    connect: async (startup) => {
      opening.onStop(() => engine.stop());
      for (const { name, database } of databases.groups) opening.watch(name, () => database.ping());
      await prepare(settings.topics, log.admin(), parts.preparation, startup);
      await startup.once(producer.connect());
    },
  };
}
