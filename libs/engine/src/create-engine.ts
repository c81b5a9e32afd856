import { Processor, type ProcessorOptions } from '@perennial/processor';
import { LifecycleHandler } from './lifecycle-handler';
import type { Lifecycle } from './lifecycle-types';
import { DEFAULT_LIMITS, type Limits } from './limits';
import type { EngineObserver } from './observer';
import { OutboxReader } from './outbox/read-outbox';
import { Signing } from './signing';
import { Plans } from './tenants/plans';

/** What an engine needs beside what every processor does. */
export interface EngineOptions extends Omit<ProcessorOptions<Lifecycle>, 'createHandler' | 'readOutbox'> {
  /** The installation's key, for clock records and commands. */
  readonly key: Uint8Array;
  /** Partitions of the activity topic. */
  readonly partitions: number;
  readonly observer: EngineObserver;
  /** Compiled definitions, where several engines share them. */
  readonly plans?: Plans;
  readonly limits?: Partial<Limits>;
}

/** A processor of the activity topic; claims, revokes and batches come from the topic's consumer. */
export type Engine = Processor<Lifecycle>;

/** Makes the lifecycle engine. It does nothing before it claims a partition. */
export function createEngine(options: EngineOptions): Engine {
  const { key, partitions, observer, plans = new Plans(), limits, ...rest } = options;
  const parts = { signing: new Signing(key), plans, partitions, observer, limits: { ...DEFAULT_LIMITS, ...limits } };
  return new Processor<Lifecycle>({
    ...rest,
    observer,
    limits: parts.limits,
    createHandler: (partition, held) => new LifecycleHandler(parts, partition, held),
    readOutbox: (bytes) => new OutboxReader(bytes),
  });
}
