import type { Activity, ActivityType } from '@perennial/contracts';
import type { Catalogued, Role } from '../compiled';
import type { Problems } from '../problems';
import { amountReader } from './amount';
import type { ReadAmount } from './amount';
import type { ActivityRow } from './rows';

interface Match {
  readonly role: Role;
  readonly readAmount: ReadAmount | null;
  /** What it makes of an activity where it reads no amount. */
  readonly plain: Catalogued;
}

const UNCATALOGUED: Catalogued = { kind: 'uncatalogued' };

/**
 * The first row that matches an activity decides. Only `track` activities have an event name, so a row is looked up by
 * its event, or else by its type: two steps, however many rows there are. A row whose place is taken is an error.
 */
export class Catalogue {
  private readonly byEvent = new Map<string, Match>();
  private readonly byType = new Map<ActivityType, Match>();

  constructor(rows: readonly ActivityRow[], currency: string | null, problems: Problems) {
    for (const row of rows) {
      if (row.role === undefined) continue;
      const role = row.role.value;
      const plain = { kind: 'catalogued', role, amount: null, flaw: null } as const;
      const match = { role, readAmount: amountReader(row, currency), plain };
      if (!this.claim(row, match)) problems.error('DEFINITION.UNREACHABLE_ROW', row.at, unreachable(row));
    }
  }

  /** Hot path: runs for every activity. */
  readonly lookup = (activity: Activity): Catalogued => {
    const named = activity.event === null ? undefined : this.byEvent.get(activity.event);
    const match = named ?? this.byType.get(activity.type);
    if (match === undefined) return UNCATALOGUED;
    const { role, readAmount, plain } = match;
    return readAmount === null ? plain : readAmount(role, activity.properties);
  };

  /** False when an earlier row matches all that this one does. */
  private claim(row: ActivityRow, match: Match): boolean {
    const event = row.event?.value;
    const type = row.type?.value;
    if (event === undefined) {
      if (type === undefined) return true;
      if (this.byType.has(type)) return false;
      this.byType.set(type, match);
      return true;
    }
    if (this.byType.has('track') || this.byEvent.has(event)) return false;
    this.byEvent.set(event, match);
    return true;
  }
}

function unreachable(row: ActivityRow): string {
  const matched = row.event === undefined ? `type ${String(row.type?.value)}` : `the event "${row.event.value}"`;
  return `An earlier row already takes ${matched}, and the first row wins. Remove this row or move it up.`;
}
