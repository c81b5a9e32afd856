import type { Rehearsal } from './rehearsal';

export interface Danger {
  readonly code: 'uncatalogued' | 'amounts-left-out' | 'dead-letters';
  readonly message: string;
}

/**
 * What makes an import most likely a mistake: nine rows in ten that match nothing, half of the activities without their amount,
 * dead letters. It cannot be taken back, so somebody has to agree.
 */
export function dangersOf(rows: number, { summary }: Pick<Rehearsal, 'summary'>): readonly Danger[] {
  const uncatalogued = summary.outcomes['ignored'] ?? 0;
  const leftOut = Object.values(summary.amountsLeftOut).reduce((sum, n) => sum + n, 0);
  const refused = summary.outcomes['refused'] ?? 0;
  const dangers: Danger[] = [];
  if (uncatalogued * 10 > rows * 9) {
    const message = `${uncatalogued} of ${rows} rows match no row of the definition's activity: they would change nothing.`;
    dangers.push({ code: 'uncatalogued', message });
  }
  if (leftOut * 2 > summary.activities) {
    const message = `${leftOut} of ${summary.activities} activities would count without their amount.`;
    dangers.push({ code: 'amounts-left-out', message });
  }
  if (refused > 0) {
    const message = `${refused} rows would be dead letters: their amount is beyond what is kept exactly.`;
    dangers.push({ code: 'dead-letters', message });
  }
  return dangers;
}
