/** Wires the engine to its log and its database; production and component tests use the same wiring. */
import { randomInt, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { EngineEnvironment } from '@perennial/config';
import { ENGINE_GROUP, type LogBatch, TOPIC } from '@perennial/contracts';
import { createEngine, type Engine, type EngineObserver, type EngineOptions } from '@perennial/engine';
import {
  type CheckpointObserver,
  createEngineStore,
  createGroupedStore,
  type Databases,
  openDatabases,
} from '@perennial/store';
import { BatchStrategy, type Log, type LogProducer } from '@perennial/stream';
import { Preparation } from './preparation';

/** The parts of an engine, none of which has connected to anything. */
export interface Assembly {
  readonly engine: Engine;
  readonly strategy: BatchStrategy;
  readonly databases: Databases;
  readonly preparation: Preparation;
  readonly producer: LogProducer;
}

/** What tests set beyond the environment: where the process is to end, and how small its requests are. */
export type Trial = Pick<EngineOptions, 'crash' | 'limits'>;

/** Token of the `Engine`. */
export const ENGINE = Symbol('Engine');

/** Hands batches of the activity topic to the engine, which queues them: a batch is taken when this returns. */
@Controller()
export class ActivityConsumer {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}

  @EventPattern(TOPIC.activity)
  take(@Payload() batch: LogBatch): void {
    this.engine.receive(batch);
  }
}

/** `log`: with prefixed topics; it is the caller that closes it, and the databases and the producer. */
export function assemble(
  settings: EngineEnvironment,
  log: Log,
  observer: EngineObserver,
  checkpoints: CheckpointObserver,
  trial: Trial,
): Assembly {
  const { database: at, topics, batchMax, queueHighWater, stateCacheBytes, key } = settings;
  const tls = at.ssl === null || at.ssl === false ? {} : { tls: at.ssl };
  const databases = openDatabases(at.groups, {
    ...tls,
    queryTimeoutMs: at.queryTimeoutMs,
    applicationName: 'perennial lifecycle-engine',
  });
  const preparation = new Preparation(databases, tls.tls);
  const producer = log.producer();
  const consumer = log.consumer({ topic: TOPIC.activity, group: `${topics.prefix}${ENGINE_GROUP}` });
  const engine = createEngine({
    owner: `${hostname()}/${process.pid}/${randomUUID()}`,
    key: Buffer.from(key, 'utf8'),
    partitions: topics.partitions,
    store: createGroupedStore(databases, (group) =>
      preparation.guard(
        group,
        createEngineStore(group.database, { random, limits: settings.stateLog, ...checkpoints }),
      ),
    ),
    publisher: {
      publish: async (records) => {
        await producer.send(records);
      },
    },
    flow: consumer,
    time: { now: Date.now, monotonic: () => performance.now(), after },
    random,
    lease: { leaseMs: settings.leaseMs, requestTimeoutMs: settings.requestTimeoutMs },
    observer,
    ...trial,
    limits: {
      batchRecords: batchMax,
      queueRecords: queueHighWater,
      cachedBytes: stateCacheBytes / topics.partitions,
      ...trial.limits,
    },
  });
  const strategy = new BatchStrategy(consumer, {
    topic: TOPIC.activity,
    claim: async (partition) => (await engine.claim([partition])).get(partition) ?? null,
    revoke: (partitions) => {
      engine.revoke(partitions);
    },
    stopped: (partition, reason) => {
      engine.fail(partition, reason);
    },
  });
  return { engine, strategy, databases, preparation, producer };
}

const RESOLUTION = 2 ** 32;
const random = (): number => randomInt(RESOLUTION) / RESOLUTION;

function after(ms: number, call: () => void): () => void {
  const timer = setTimeout(call, ms);
  return () => {
    clearTimeout(timer);
  };
}
