/** Where an import stands, as it is stored: how it is written, and who may go on with it. */
import { ConcurrencyConflict, InvalidInput, type TenantId } from '@perennial/values';
import { giveUpCommand } from './import-name';
import type { Ending, ImportJob, ImportPhase, ImportStatus, ImportStatuses } from './ports';

/** Writes the status. Refuses once somebody else has written meanwhile (invariant 5 of run-import.ts). */
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

type Resumed = Pick<ImportJob, 'tenant' | 'ending'> & {
  readonly history: Pick<ImportJob['history'], 'name' | 'fingerprint'>;
};

/**
 * A stored import can be gone on with, or is done already. Throws `InvalidInput` when what would be sent is not what it began
 * with. One of which nothing was sent yet may begin anew with other settings, in its tenant, `late` or not as it was.
 */
export function refuseOtherImport(name: string, stored: ImportStatus, { tenant, ending, history }: Resumed): void {
  refuseOtherTenant(name, stored, tenant);
  if (stored.phase === 'prepare' && (stored.ending === 'late') === (ending === 'late')) return;
  if (stored.fingerprint !== null && stored.fingerprint !== history.fingerprint) {
    const done =
      stored.phase === 'done'
        ? 'is done, with'
        : `was begun (${stored.acknowledged} of ${stored.total} activities sent) with`;
    throw new InvalidInput(
      'IMPORT.INPUT_CHANGED',
      `The import ${name} ${done} other rows than ${history.name} has now. ` +
        (stored.phase === 'done'
          ? 'Import what is new as a file of its own, under another --name and with --late.'
          : 'Put the rows back as they were and run the same command again; a query has to give the same rows in the same order (ORDER BY). ' +
            `If they are lost: ${giveUpCommand(name, stored.tenant)}`),
    );
  }
  if (stored.phase !== 'done') refuseOtherEnding(name, stored, ending);
}

export function refuseOtherEnding(name: string, stored: ImportStatus, ending: Ending): void {
  if (stored.ending !== ending) {
    throw new InvalidInput(
      'IMPORT.OTHER_ENDING',
      `The import ${name} was begun with ${optionOf(stored.ending)}: go on with that, or ${stored.phase === 'prepare' ? 'give this one another --name' : 'leave the option out'}.`,
    );
  }
}

/** Known before anything of an input is. */
export function refuseOtherTenant(name: string, stored: Pick<ImportStatus, 'tenant'>, tenant: TenantId): void {
  if (stored.tenant === tenant) return;
  throw new InvalidInput(
    'IMPORT.OTHER_TENANT',
    `The import ${name} is one into tenant ${stored.tenant}, not ${tenant}. Give this one another --name.`,
  );
}

const optionOf = (ending: ImportStatus['ending']): string => (ending === 'late' ? '--late' : `--go-live ${ending}`);
