/** The engine's processes, slot by slot: a slot is empty between a process and the next. */
import type { Chance } from './chance';
import type { Instance } from './instance';
import type { Scheduler } from './scheduler';
import type { Settings } from './settings';

const LONGEST_DOWN_MS = 1_500;
const FREEZES = [30, 400, 1_500, 3_000] as const;

export class Cluster {
  readonly instances: (Instance | null)[];
  counts = { kills: 0, freezes: 0, rejoins: 0, stops: 0 };

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
    const instance = this.create(slot);
    this.instances[slot] = instance;
    void instance.join();
  }

  kill(slot: number): void {
    const instance = this.running(slot);
    if (instance === null) return;
    this.counts.kills += 1;
    instance.process.kill();
    this.instances[slot] = null;
    this.scheduler.after(this.chance.between(0, this.settings.sessionMs), `${instance.process.name} is missed`, () => {
      void instance.leave();
    });
    this.startLater(slot);
  }

  /** Longer than the session: it is put out of the group, and joins again once it is back. */
  freeze(slot: number): void {
    const instance = this.running(slot);
    if (instance === null) return;
    const { process } = instance;
    const { sessionMs } = this.settings;
    const ms = this.chance.pick(FREEZES);
    this.counts.freezes += 1;
    process.freeze();
    if (ms > sessionMs)
      this.scheduler.after(sessionMs, `${process.name} is missed`, () => {
        void instance.leave();
        process.enter('log', () => void instance.join());
      });
    this.scheduler.after(ms, `${process.name} wakes`, () => {
      process.thaw();
    });
  }

  rejoin(slot: number): void {
    const instance = this.running(slot);
    if (instance === null) return;
    this.counts.rejoins += 1;
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

  get allRun(): boolean {
    return this.instances.every((instance) => instance?.process.condition === 'running');
  }

  /** Ends every process in order. */
  async stop(): Promise<void> {
    await Promise.all(this.instances.map(async (instance) => (instance === null ? undefined : this.end(instance))));
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
