import type { Server } from 'node:http';
import { type CollectorEnvironment, collectorEnvironment } from '@perennial/config';
import {
  host,
  type HttpSetup,
  type Opening,
  type Running,
  type ServiceOptions,
  type ServiceParts,
} from '@perennial/host';
import { type CollectorMetrics, declareCollectorMetrics } from '@perennial/observability';
import type { LogAdmin, LogProducer } from '@perennial/stream';
import type { Logger } from 'pino';
import { answerBroken, ShapeErrors } from './http/answer-errors';
import { KEYLESS_BYTES } from './http/body';
import { letPagesRead } from './http/origins';
import { BoundedHttpAdapter, endConnectionsOnClose, HTTP_TIMEOUTS } from './http/server';
import { INTAKE, ORIGINS, V1Controller } from './http/v1.controller';
import { InFlight } from './in-flight';
import { Intake } from './intake';
import { type Outcome, REFUSALS } from './outcome';
import { publisher } from './publish';
import { watchWriteKeys } from './watch-write-keys';
import { WriteKeys } from './write-keys';

/**
 * Starts the collector: it answers at once, with 503 until the log is there. Resolves when the log is there; rejects
 * on what waiting does not mend, and when `abort` aborts.
 */
export function start(options: ServiceOptions): Promise<Running> {
  return host({ name: 'collector', environment: collectorEnvironment, needs: 'the broker', open }, options);
}

function open(opening: Opening<CollectorEnvironment>): ServiceParts {
  const { settings, logger, dependencies } = opening;
  const metrics = declareCollectorMetrics(opening.metrics);
  const log = opening.openLog({ kafka: settings.kafka, prefix: settings.topicPrefix });
  const producer = log.producer();
  opening.onStop(() => producer.close());
  const { keys, ready } = openWriteKeys(opening, metrics);
  const intake = createIntake(settings, keys, producer, metrics, logger);
  return {
    module: {
      controllers: [V1Controller],
      providers: [
        { provide: INTAKE, useValue: intake },
        { provide: ORIGINS, useValue: settings.origins },
      ],
    },
    ready: { log: dependencies.all, ...ready },
    http: httpServer(opening, intake, metrics),
    connect: async (startup) => {
      await startup.once(producer.connect());
      opening.watch('probe', () => reach(log.admin()));
    },
  };
}

/** Keys of the file, and those of the database, which are followed until the stop: after the last request, however long that takes. */
function openWriteKeys({ settings, logger, onStop }: Opening<CollectorEnvironment>, metrics: CollectorMetrics) {
  const { writeKeys, database } = settings;
  const fromFile = writeKeys.size > 0;
  if (fromFile) metrics.writeKeys.set({ source: 'file' }, writeKeys.size);
  const keys = new WriteKeys(writeKeys, database === null ? 'none' : 'awaited');
  if (database === null) return { keys, ready: {} };
  const watch = watchWriteKeys(database, { keys, fromFile, metrics, logger });
  onStop(watch.end);
  return { keys, ready: { 'write-keys': watch.ready } };
}

/** A stop answers what has begun to be answered, and takes no more. */
function httpServer(
  { settings: { connections, origins }, onStop }: Opening<CollectorEnvironment>,
  intake: Intake,
  metrics: CollectorMetrics,
): HttpSetup {
  const adapter = new BoundedHttpAdapter({ ...HTTP_TIMEOUTS, connections }, answerBroken(intake), () => {
    metrics.droppedConnections.inc();
  });
  return {
    adapter,
    options: { bodyParser: false },
    prepare: (app) => {
      adapter.disable('x-powered-by');
      app.useGlobalFilters(new ShapeErrors(intake));
      const server: Server = app.getHttpServer() as Server;
      onStop(endConnectionsOnClose(server, HTTP_TIMEOUTS.requestTimeoutMs).end);
      letPagesRead(server, origins.pages);
    },
  };
}

function createIntake(
  { inFlightBytes }: Pick<CollectorEnvironment, 'inFlightBytes'>,
  keys: WriteKeys,
  producer: Pick<LogProducer, 'send'>,
  metrics: CollectorMetrics,
  logger: Logger,
): Intake {
  // A series that appears only with its first event hides that event from `rate`.
  for (const reason of REFUSALS) metrics.refused.inc({ reason }, 0);
  for (const result of ['corrected', 'contradictory']) metrics.senderClocks.inc({ result }, 0);
  const changed = (bytes: number): void => {
    metrics.inFlightBytes.inc(bytes);
  };
  return new Intake({
    keys,
    inFlight: new InFlight(inFlightBytes, changed),
    keyless: new InFlight(KEYLESS_BYTES, changed),
    publish: publisher(producer, (activities, seconds) => {
      metrics.accepted.inc(activities.length);
      for (const { clock } of activities) if (clock !== 'none') metrics.senderClocks.inc({ result: clock });
      metrics.produceSeconds.observe(seconds);
    }),
    now: Date.now,
    told: (outcome: Outcome) => {
      if (outcome.kind === 'accepted') return;
      metrics.refused.inc({ reason: outcome.reason });
      // Names of fields are not logged: a sender can choose them, and a name may be a secret.
      logger.debug({ reason: outcome.reason, problems: outcome.problems.length }, 'request refused');
    },
    read: (bytes) => {
      metrics.receivedBytes.inc(bytes);
    },
    fault: (error) => {
      logger.error({ err: error }, 'request failed');
    },
  });
}

async function reach(admin: LogAdmin): Promise<void> {
  try {
    await admin.connect();
  } finally {
    await admin.close();
  }
}
