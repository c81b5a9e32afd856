import { Plans } from '@perennial/engine';
import { planCopies } from './adversary';
import { Chance } from './chance';
import { Cluster } from './cluster';
import { equip, type Scene } from './equip';
import { planIncidents } from './incidents';
import { judge } from './judge';
import { Network } from './network';
import { idOf } from './readers';
import { recompute } from './recompute';
import type { Sabotage } from './sabotage';
import { Scheduler } from './scheduler';
import { type Settings, settingsOf } from './settings';
import { caughtUp, describeStall } from './stillness';
import { Trace } from './trace';
import { Workload } from './workload';
import { World } from './world';

export interface Stats {
  readonly steps: number;
  readonly records: number;
  readonly facts: number;
  readonly repeats: number;
  readonly kills: number;
  readonly freezes: number;
  readonly virtualMs: number;
}

const CALM_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 20_000;
/** New owners have taken over by then, and published what they found. */
const SETTLING_MS = 1_500;
const PROBE_MS = 20;
/** Compiling takes longer than a run; a plan is a function of its text. */
const plans = new Plans();

/** A run from its seed to its judgement. */
export class Run {
  readonly trace: Trace;
  private readonly settings: Settings;
  private readonly scheduler: Scheduler;
  private readonly world: World;
  private readonly cluster: Cluster;
  private started = 0;
  private failure: string | null = null;

  constructor(
    private readonly seed: number,
    traceSteps: number,
    sabotage: Sabotage,
  ) {
    this.trace = new Trace(traceSteps);
    const settings = settingsOf(this.chance('settings'));
    const scheduler = new Scheduler(this.chance('order'), this.trace);
    const world = new World(settings.partitions, scheduler, this.chance('log'), sabotage.database);
    const scene: Scene = {
      settings,
      scheduler,
      world,
      network: new Network(scheduler, this.chance('network')),
      plans,
      cluster: () => this.cluster,
      sabotage,
      fail: (difference) => {
        this.failure ??= difference;
      },
    };
    this.cluster = new Cluster(settings, scheduler, this.chance('cluster'), (slot) => {
      const name = `engine-${slot}.${++this.started}`;
      return equip(name, slot, this.chance(name), scene);
    });
    this.settings = settings;
    this.scheduler = scheduler;
    this.world = world;
  }

  /** What is wrong; null: nothing. */
  async play(sendings: number): Promise<string | null> {
    const { world, scheduler, cluster, settings } = this;
    await world.open();
    const workload = new Workload(this.chance('workload'), settings.partitions, settings.calmAt);
    for (const { at, records } of workload.sendings(sendings))
      scheduler.after(at, `the world sends ${records.length}`, () => void world.append(records));
    cluster.instances.forEach((_, slot) => {
      scheduler.after(slot, `slot ${slot} starts`, () => {
        cluster.start(slot);
      });
    });
    planIncidents(cluster, world, settings, scheduler, this.chance('incidents'));
    planCopies(world, settings.calmAt, scheduler, this.chance('adversary'));
    scheduler.after(settings.calmAt, 'faults end', () => {
      this.calm();
    });
    const difference = await this.settle();
    await world.close();
    return difference;
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

  private calm(): void {
    const { links, crash } = this.settings;
    for (const link of [links.store, links.log]) Object.assign(link, { slowness: 5, trouble: 0 });
    Object.assign(crash, { kill: 0, freeze: 0 });
  }

  /** Calm, then one process after the other is stopped, each once nothing is left to do. */
  private async settle(): Promise<string | null> {
    const { settings, cluster, scheduler } = this;
    let limit = settings.calmAt + CALM_LIMIT_MS;
    for (let slot = 0; slot < settings.instances; slot++) {
      const wrong = (await this.untilStill(slot, limit)) ?? (await this.untilStopped(cluster.stop(slot)));
      if (wrong !== null) return wrong;
      limit = scheduler.now + CALM_LIMIT_MS;
    }
    return this.judge();
  }

  /** Until what runs from this slot on has nothing left to do. */
  private async untilStill(slot: number, limit: number): Promise<string | null> {
    const { scheduler, settings, cluster, world } = this;
    let still = false;
    const probe = (): void => {
      const settled = scheduler.now - Math.max(settings.calmAt, cluster.changedAt) >= SETTLING_MS;
      still = settled && cluster.allRun(slot) && caughtUp(world, scheduler.now);
      if (!still) scheduler.after(PROBE_MS, '', probe);
    };
    scheduler.after(PROBE_MS, '', probe);
    return this.until(
      () => still,
      limit,
      () => `stalled: ${describeStall(world, scheduler.now)}`,
    );
  }

  private async untilStopped(stopping: Promise<void>): Promise<string | null> {
    let stopped = false;
    stopping.then(
      () => {
        stopped = true;
      },
      (error: unknown) => {
        this.failure ??= `an engine fails to stop: ${String(error)}`;
      },
    );
    return this.until(
      () => stopped,
      this.scheduler.now + STOP_LIMIT_MS,
      () => 'an engine does not stop',
    );
  }

  private async until(done: () => boolean, limit: number, otherwise: () => string): Promise<string | null> {
    const reached = await this.scheduler.until(() => done() || this.failure !== null, limit);
    return this.failure ?? (reached ? null : otherwise());
  }

  private async judge(): Promise<string | null> {
    const { world, settings } = this;
    const oracles = await Promise.all(
      world.activity.map((log, partition) =>
        recompute(partition, log.slice(0, world.database.partition(partition).nextOffset), {
          partitions: settings.partitions,
          plans,
          deadlinesPerClock: settings.limits.deadlinesPerClock,
        }),
      ),
    );
    return judge(world, oracles);
  }

  private chance(purpose: string): Chance {
    return new Chance(this.seed, purpose);
  }
}
