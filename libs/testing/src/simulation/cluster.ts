/** The engine's processes, slot by slot: a slot is empty between a process and the next. */
import type { Chance } from './chance';
import type { Instance } from './instance';
import type { Scheduler } from './scheduler';
import type { Settings } from './settings';

const LONGEST_DOWN_MS = 1_500;
const FREEZES = [30, 400, 1_500, 3_000] as const;

export class Cluster {
  readonly instances: (Instance | null)[];
  /** When a process came or went last. */
  changedAt = 0;
  readonly counts = { kills: 0, freezes: 0, rejoins: 0, stops: 0 };

  constructor(
    private readonly settings: Settings,
    private readonly scheduler: Scheduler,
    private readonly chance: Chance,
    /** Makes the next process of a slot. */
    private readonly create: (slot: number) => Instance,
  ) {
    this.instances = Array.from({ length: settings.instances }, () => null);
  }

  start(slot: number): void {
    this.changedAt = this.scheduler.now;
    const instance = this.create(slot);
    this.instances[slot] = instance;
    void instance.join();
  }

  kill(slot: number): void {
    const instance = this.running(slot);
    if (instance !== null) this.killInstance(slot, instance);
  }

  freeze(slot: number): void {
    const instance = this.running(slot);
    if (instance !== null) this.freezeInstance(instance);
  }

  /** Also one that is being stopped. */
  killInstance(slot: number, instance: Instance): void {
    const { process } = instance;
    this.counts.kills += 1;
    process.kill();
    this.scheduler.after(this.chance.between(0, this.settings.sessionMs), `${process.name} is missed`, () => {
      void instance.leave();
    });
    if (this.instances[slot] === instance) this.instances[slot] = null;
    this.startLater(slot);
  }

  /** Longer than the session: it is put out of the group, and joins again once it is back. */
  freezeInstance(instance: Instance): void {
    const { process } = instance;
    const { sessionMs } = this.settings;
    const ms = this.chance.pick(FREEZES);
    this.counts.freezes += 1;
    process.freeze();
    if (ms > sessionMs)
      this.scheduler.after(sessionMs, `${process.name} is missed`, () => {
        void instance.leave();
        if (this.instances.includes(instance)) process.enter('log', () => void instance.join());
      });
    this.scheduler.after(ms, `${process.name} wakes`, () => {
      this.changedAt = this.scheduler.now;
      process.thaw();
    });
  }

  rejoin(slot: number): void {
    const instance = this.running(slot);
    if (instance === null) return;
    this.counts.rejoins += 1;
    this.changedAt = this.scheduler.now;
    void instance.join();
  }

  stopAndStart(slot: number): void {
    const instance = this.running(slot);
    if (instance === null) return;
    this.counts.stops += 1;
    this.instances[slot] = null;
    void this.end(instance).then(() => {
      this.startLater(slot);
    });
  }

  jump(slot: number, ms: number): void {
    const instance = this.running(slot);
    if (instance !== null) instance.process.skew = ms;
  }

  /** Slots from this one on have a process that runs. */
  allRun(from: number): boolean {
    return this.instances.slice(from).every((instance) => instance?.process.condition === 'running');
  }

  /** Ends one process in order; the others take its partitions over. */
  async stop(slot: number): Promise<void> {
    const instance = this.instances[slot] ?? null;
    this.instances[slot] = null;
    if (instance !== null) await this.end(instance);
    this.changedAt = this.scheduler.now;
  }

  private async end(instance: Instance): Promise<void> {
    await instance.engine.stop();
    await instance.leave();
    instance.process.kill();
  }

  private running(slot: number): Instance | null {
    const instance = this.instances[slot] ?? null;
    return instance?.process.condition === 'running' ? instance : null;
  }

  private startLater(slot: number): void {
    this.scheduler.after(this.chance.between(0, LONGEST_DOWN_MS), `slot ${slot} starts again`, () => {
      this.start(slot);
    });
  }
}
