/**
 * An engine's host, wired as the service wires it: consumer, engine, store, publisher. It is started, killed, frozen and
 * stopped; each start is another process.
 */
import { ENGINE_GROUP, TOPIC, type Emission } from '@perennial/contracts';
import { createEngine, type Engine, type EngineOptions, type EngineStore, type Plans } from '@perennial/engine';
import { type Publisher } from '@perennial/processor';
import type { LogConsumer } from '@perennial/stream';
import { silentObserver } from '../silent-observer';
import type { VirtualProcess } from './virtual-process';
import type { World } from './world';

/** What a host uses of an engine. */
export type HostedEngine = Pick<Engine, 'claim' | 'revoke' | 'fail' | 'receive' | 'stop'>;
export type CreateEngine = (options: EngineOptions) => HostedEngine;

export interface Wiring {
  readonly world: World;
  readonly plans: Plans;
  readonly options: Pick<EngineOptions, 'key' | 'limits' | 'lease'>;
  readonly store: EngineStore;
  readonly publisher: Publisher<Emission>;
  readonly crash: EngineOptions['crash'] & object;
  /** Default: an engine. */
  readonly create: CreateEngine | undefined;
  /** For the trace. */
  readonly note: (what: string) => void;
  /** A partition needs an operator: in a simulation nothing may. */
  readonly stopped: (partition: number, reason: string) => void;
}

export class Instance {
  readonly engine: HostedEngine;
  /**
   * How often each partition was claimed. The log hands over at once what a frozen process would have in its socket; real
   * consumers drop what was fetched under an older claim.
   */
  private readonly claims = new Map<number, number>();
  private consumer: LogConsumer | null = null;

  constructor(
    readonly process: VirtualProcess,
    private readonly wiring: Wiring,
  ) {
    const { world, plans, options, store, publisher, crash, create = createEngine } = wiring;
    this.engine = create({
      ...options,
      owner: process.name,
      partitions: world.partitions,
      plans,
      store,
      publisher,
      crash,
      flow: {
        pause: (partition) => this.consumer?.pause(partition),
        resume: (partition) => this.consumer?.resume(partition),
        seek: (partition, offset) => this.consumer?.seek(partition, offset),
        halt: (partition) => this.consumer?.halt(partition),
      },
      time: process.time,
      observer: silentObserver({
        claimed: (partition) => {
          this.claims.set(partition, (this.claims.get(partition) ?? 0) + 1);
          wiring.note(`has claimed ${partition}`);
        },
        fenced: (partition) => {
          wiring.note(`is fenced from ${partition}`);
        },
        stopped: (partition, reason) => {
          if (!process.isDead) wiring.stopped(partition, reason);
        },
      }),
    });
  }

  /** Joins the group, anew if it was in it. */
  async join(): Promise<void> {
    await this.leave();
    const { process, engine, wiring } = this;
    const { note } = wiring;
    this.consumer = this.wiring.world.log.consumer({ topic: TOPIC.activity, group: ENGINE_GROUP });
    await this.consumer.start({
      claim: (partition) =>
        this.inside(async () => {
          note(`is assigned ${partition}`);
          return (await engine.claim([partition])).get(partition) ?? null;
        }),
      revoke: (partitions) => {
        process.enter('log', () => {
          note(`is revoked ${partitions.join(' ')}`);
          engine.revoke(partitions);
        });
      },
      batch: (batch) => {
        const claim = this.claims.get(batch.partition);
        return this.inside(() => {
          if (this.claims.get(batch.partition) === claim) engine.receive(batch);
          return Promise.resolve();
        });
      },
      stopped: (partition, reason) => {
        process.enter('log', () => {
          note(`hears that ${partition} stopped: ${reason}`);
          engine.fail(partition, reason);
        });
      },
    });
  }

  /** Out of the group: by its own will, or because nothing was heard of it. */
  async leave(): Promise<void> {
    const { consumer } = this;
    this.consumer = null;
    await consumer?.stop();
  }

  private inside<T>(handle: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.process.enter('log', () => {
        handle().then(resolve, reject);
      });
    });
  }
}
