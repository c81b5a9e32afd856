/**
 * One simulated run: two engines, a log and a database under one seeded scheduler, faults, then calm, then the judgement.
 * The same seed is the same run, step by step.
 */
import type { EngineStore, Publisher } from '@perennial/engine';
import { Plans } from '@perennial/engine';
import { Chance } from './chance';
import { Cluster } from './cluster';
import { crashPlan } from './crash-plan';
import { planIncidents } from './incidents';
import { KEY } from './installation-key';
import { Instance } from './instance';
import { judge } from './judge';
import { Network } from './network';
import { greatestVersion, idOf, type StateReader } from './readers';
import { recompute } from './recompute';
import { remotePublisher, remoteStore } from './remote-ports';
import { Scheduler } from './scheduler';
import { type Settings, settingsOf } from './settings';
import { caughtUp, describeStall } from './stillness';
import { Trace } from './trace';
import { VirtualProcess } from './virtual-process';
import { Workload } from './workload';
import { World } from './world';

/** Guarantees broken on purpose, for tests of the simulation itself. */
export interface Sabotage {
  readonly store?: (store: EngineStore, world: World, publisher: Publisher) => EngineStore;
  readonly publisher?: (publisher: Publisher, world: World) => Publisher;
  readonly readStates?: StateReader;
}

export interface SimulationOptions {
  /** Activities, repeats, clocks, commands and bad records after the opening. Default 90. */
  readonly sendings?: number;
  readonly sabotage?: Sabotage;
  /** Last steps to keep for the trace. Default 120. */
  readonly traceSteps?: number;
}

export interface Stats {
  readonly steps: number;
  readonly records: number;
  readonly facts: number;
  readonly repeats: number;
  readonly kills: number;
  readonly freezes: number;
  readonly virtualMs: number;
}
interface Ran {
  readonly seed: number;
  /** Of everything that happened, in order. */
  readonly digest: string;
  readonly stats: Stats;
}
export type Simulated =
  | ({ readonly ok: true } & Ran)
  | ({ readonly ok: false; readonly difference: string; readonly trace: readonly string[] } & Ran);

const CALM_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 20_000;
const PROBE_MS = 20;
/** Compiling takes longer than a run; a plan is a function of its text. */
const plans = new Plans();

export async function runSimulation(seed: number, options: SimulationOptions = {}): Promise<Simulated> {
  const run = new Run(seed, options);
  const difference = await run.play();
  const ran = { seed, digest: run.trace.digest, stats: run.stats() };
  return difference === null ? { ok: true, ...ran } : { ok: false, difference, trace: run.trace.tail(), ...ran };
}

class Run {
  readonly trace: Trace;
  private readonly settings: Settings;
  private readonly scheduler: Scheduler;
  private readonly world: World;
  private readonly cluster: Cluster;
  private readonly network: Network;
  private started = 0;
  private failure: string | null = null;

  constructor(
    private readonly seed: number,
    private readonly options: SimulationOptions,
  ) {
    this.trace = new Trace(options.traceSteps ?? 120);
    this.settings = settingsOf(this.chance('settings'));
    this.scheduler = new Scheduler(this.chance('order'), this.trace);
    this.world = new World(this.settings.partitions, this.scheduler, this.chance('log'));
    this.network = new Network(this.scheduler, this.chance('network'));
    this.cluster = new Cluster(this.settings, this.scheduler, this.chance('cluster'), (slot) => this.instance(slot));
  }

  /** What is wrong; null: nothing. */
  async play(): Promise<string | null> {
    const { world, scheduler, cluster, settings } = this;
    await world.open();
    const sendings = new Workload(this.chance('workload'), settings.partitions, settings.calmAt);
    for (const { at, records } of sendings.sendings(this.options.sendings ?? 90))
      scheduler.after(at, `the world sends ${records.length}`, () => void world.append(records));
    cluster.instances.forEach((_, slot) => {
      scheduler.after(slot, `slot ${slot} starts`, () => {
        cluster.start(slot);
      });
    });
    planIncidents(cluster, settings, scheduler, this.chance('incidents'));
    scheduler.after(settings.calmAt, 'faults end', () => {
      this.calm();
    });
    try {
      return await this.settle();
    } finally {
      await world.close();
    }
  }

  stats(): Stats {
    const { world, trace, cluster, scheduler } = this;
    const { kills, freezes } = cluster.counts;
    const ids = new Set(world.written.map(({ record }) => `${record.topic} ${idOf(record).text}`));
    return {
      steps: trace.steps,
      records: world.activity.flat().length,
      facts: ids.size,
      repeats: world.written.length - ids.size,
      kills,
      freezes,
      virtualMs: scheduler.now,
    };
  }

  private async settle(): Promise<string | null> {
    const { scheduler, settings, cluster, world } = this;
    let still = false;
    const probe = (): void => {
      still = cluster.allRun && caughtUp(world, scheduler.now);
      scheduler.after(PROBE_MS, '', probe);
    };
    scheduler.after(settings.calmAt + settings.skew, '', probe);
    await scheduler.until(() => still || this.failure !== null, settings.calmAt + CALM_LIMIT_MS);
    if (this.failure !== null) return this.failure;
    if (!still) return `stalled: ${describeStall(world, scheduler.now)}`;
    let stopped = false;
    void cluster.stop().then(() => {
      stopped = true;
    });
    await scheduler.until(() => stopped || this.failure !== null, scheduler.now + STOP_LIMIT_MS);
    if (this.failure !== null) return this.failure;
    return stopped ? this.judge() : 'an engine does not stop';
  }

  private async judge(): Promise<string | null> {
    const { world, settings, options } = this;
    const oracles = await Promise.all(
      world.activity.map((log, partition) =>
        recompute(partition, log.slice(0, world.store.partitions.get(partition)?.nextOffset ?? 0), {
          partitions: settings.partitions,
          plans,
          deadlinesPerClock: settings.limits.deadlinesPerClock,
        }),
      ),
    );
    return judge(world, oracles, options.sabotage?.readStates ?? greatestVersion);
  }

  private calm(): void {
    const { links, crash } = this.settings;
    for (const link of [links.store, links.log]) Object.assign(link, { slowness: 5, trouble: 0 });
    Object.assign(crash, { kill: 0, freeze: 0 });
  }

  private instance(slot: number): Instance {
    const { world, network, settings, scheduler } = this;
    const { links, lease, limits, skew } = settings;
    const name = `engine-${slot}.${++this.started}`;
    const chance = this.chance(name);
    const process = new VirtualProcess(name, scheduler, chance, chance.between(-skew, skew));
    const write = world.write.bind(world);
    const { sabotage = {} } = this.options;
    const requests = { network, link: links.log, chance, requestTimeoutMs: lease.requestTimeoutMs };
    const honest = remotePublisher(process, write, requests);
    const publisher = sabotage.publisher?.(honest, world) ?? honest;
    const store = remoteStore(process, world.storeOf(process), network, links.store);
    return new Instance(process, {
      world,
      plans,
      options: { key: KEY, limits, lease },
      store: sabotage.store?.(store, world, publisher) ?? store,
      publisher,
      crash: crashPlan(process, chance, settings.crash, {
        kill: () => {
          this.cluster.kill(slot);
        },
        freeze: () => {
          this.cluster.freeze(slot);
        },
      }),
      note: (what) => {
        this.trace.note(scheduler.now, `${name} ${what}`);
      },
      stopped: (partition, reason) => {
        this.failure ??= `partition ${partition} stopped: ${reason}`;
      },
    });
  }

  private chance(purpose: string): Chance {
    return new Chance(this.seed, purpose);
  }
}
