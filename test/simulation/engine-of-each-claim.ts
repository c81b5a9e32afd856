import type { LogBatch } from '@perennial/contracts';
import { createEngine, type Engine, type EngineOptions } from '@perennial/engine';

/** An engine that does not wait: each claim of a partition is made by an engine that knows nothing of the former one. */
export class EngineOfEachClaim {
  private readonly current = new Map<number, Engine>();
  private readonly all: Engine[] = [];

  constructor(private readonly options: EngineOptions) {}

  async claim(partitions: readonly number[]): Promise<ReadonlyMap<number, number>> {
    const starts = new Map<number, number>();
    for (const partition of partitions) {
      const engine = createEngine(this.options);
      this.current.set(partition, engine);
      this.all.push(engine);
      for (const [number, start] of await engine.claim([partition])) starts.set(number, start);
    }
    return starts;
  }

  revoke(partitions: readonly number[]): void {
    for (const partition of partitions) this.current.get(partition)?.revoke([partition]);
  }

  fail(partition: number, reason: string): void {
    this.current.get(partition)?.fail(partition, reason);
  }

  receive(batch: LogBatch): void {
    this.current.get(batch.partition)?.receive(batch);
  }

  async stop(): Promise<void> {
    await Promise.all(this.all.map((engine) => engine.stop()));
  }
}
