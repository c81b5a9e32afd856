/** Where an import stands, as it is stored. Refuses once somebody else has written meanwhile (invariant 5 of run-import.ts). */
import { ConcurrencyConflict } from '@perennial/values';
import type { ImportPhase, ImportStatus, ImportStatuses } from './ports';

export class Checkpoint {
  constructor(
    private readonly name: string,
    private readonly statuses: ImportStatuses,
    /** As it is stored; null: it is not. */
    private stored: ImportStatus | null,
    /** As it will be stored from the next call on. */
    private current: ImportStatus,
  ) {}

  get acknowledged(): number {
    return this.current.acknowledged;
  }

  /** So many activities are in the log. */
  async acknowledge(acknowledged: number): Promise<void> {
    await this.write({ ...this.current, acknowledged });
  }

  async enter(phase: ImportPhase): Promise<void> {
    await this.write({ ...this.current, phase });
  }

  private async write(next: ImportStatus): Promise<void> {
    this.stored = await this.statuses.update(this.name, (current) => {
      if (isAt(current, this.stored) || isAt(current, next)) return next;
      throw new ConcurrencyConflict(
        'IMPORT.TWICE',
        `The import ${this.name} is being done by another process, too. Let one of them end, then start again.`,
      );
    });
    this.current = next;
  }
}

const isAt = (current: ImportStatus | null, at: ImportStatus | null): boolean =>
  current?.acknowledged === at?.acknowledged && current?.phase === at?.phase;
