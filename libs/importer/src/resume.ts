import { InvalidInput, type TenantId } from '@perennial/values';
import type { ImportJob, Ending, ImportStatus } from './ports';
import { giveUpCommand } from './import-name';

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
