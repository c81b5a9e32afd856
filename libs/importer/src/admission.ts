/** Whether an import may begin, and how the tenant lives on afterwards. Rules only: what is refused is an `InvalidInput`. */
import { type TimeSource } from '@perennial/contracts';
import { excerpt, formatInstant, InvalidInput, type Instant, type TenantId } from '@perennial/values';
import { tenantTime } from '@perennial/engine';
import { FUTURE_TOLERATED_MS } from './clocks';
import { giveUpCommand } from './import-name';
import type { Ending, ImportStatus, PartitionTenant } from './ports';

export const GO_LIVES = ['wall', 'offset'] as const;
export type GoLive = (typeof GO_LIVES)[number];

/** The tenant before an import of which nothing is stored yet. */
export interface TenantBefore {
  readonly tenant: TenantId;
  readonly customers: number;
  readonly source: TimeSource;
  /** As each partition knows it. */
  readonly partitions: readonly Pick<PartitionTenant, 'state'>[];
  /** Imports into it that have sent activities and are not done. */
  readonly unfinished: readonly (Pick<ImportStatus, 'input' | 'acknowledged' | 'total' | 'phase'> & {
    readonly name: string;
  })[];
}

/**
 * Refuses an import into a tenant that has customers, unless it is `late`, and beside another that is not done. `hasBegun`: its
 * commands may have been sent; as long as the tenant is as they left it, its customers came meanwhile.
 */
export function admit(before: TenantBefore, late: boolean, hasBegun = false): void {
  const { tenant, customers } = before;
  refuseBeside(before);
  if (customers === 0 || late || (hasBegun && isPrepared(before))) return;
  throw hasCustomers(tenant, customers);
}

/** Refuses to go on beside another import into the tenant that is not done. */
export function refuseBeside({ tenant, unfinished }: Pick<TenantBefore, 'tenant' | 'unfinished'>): void {
  const [other] = unfinished.filter(({ phase }) => phase !== 'prepare');
  if (other === undefined) return;
  throw new InvalidInput(
    'IMPORT.UNFINISHED',
    `The import ${other.name} (${excerpt(other.input, 100)}) into tenant ${tenant} is not done: ${other.acknowledged} of ${other.total} ` +
      `activities are sent. Run its command again first (with --name ${other.name} where it had one); if its input is lost, \`${giveUpCommand(other.name, tenant)}\`.`,
  );
}

const hasCustomers = (tenant: TenantId, customers: number): InvalidInput =>
  new InvalidInput(
    'IMPORT.HAS_CUSTOMERS',
    `Tenant ${tenant} has ${customers} customers, and rows older than their newest activity would be late. Import into another ` +
      `--tenant, or add --late. ${LATE_MEANS}`,
  );

const isPrepared = ({ partitions }: TenantBefore): boolean =>
  partitions.every(({ state: { bootstrap, source } }) => bootstrap.kind === 'all' && source.kind === 'event');

export const LATE_MEANS =
  'Late means: an activity older than the newest of its customer changes counts and sums, and no move that was made; customers ' +
  'who are new go through their past as always. While the import runs, no deadline of the tenant fires, and its facts are marked history.';

/** A history that ends longer ago than that has no default. */
const RECENT_MS = 7 * 24 * 3_600_000;

/** `ask`: the history ends so long ago that only people can say. */
export type Chosen = { readonly kind: 'chosen'; readonly ending: Ending } | { readonly kind: 'ask' };

/** How the tenant lives on. `asked`: what the user said. Refuses `wall` for a history that ends in the future. */
export function chooseEnding(
  asked: { readonly goLive: GoLive | null; readonly late: boolean },
  history: { readonly name: string; readonly newest: Instant },
  before: Pick<TenantBefore, 'customers' | 'source'>,
  now: Instant,
): Chosen {
  if (asked.late && before.customers > 0) {
    if (asked.goLive !== null) throw lateKeepsClock();
    refuseFuture(history, tenantTime(before.source, now), 'the time of its tenant');
    return { kind: 'chosen', ending: 'late' };
  }
  const goLive = asked.goLive ?? (now - history.newest > RECENT_MS ? null : 'wall');
  if (goLive === null) return { kind: 'ask' };
  if (goLive === 'wall') refuseFuture(history, now, 'now');
  return { kind: 'chosen', ending: goLive };
}

const lateKeepsClock = (): InvalidInput =>
  new InvalidInput(
    'IMPORT.LATE_KEEPS_CLOCK',
    'A tenant with customers keeps its clock: leave --go-live out, or --late.',
  );

/** Refuses a history that ends later than that, beyond what the engine tolerates. */
export function refuseFuture(
  { name, newest }: { readonly name: string; readonly newest: Instant },
  now: Instant,
  called: string,
): void {
  if (newest <= now + FUTURE_TOLERATED_MS) return;
  throw new InvalidInput(
    'IMPORT.FUTURE',
    `The newest row of ${name} is of ${formatInstant(newest)}, later than ${called} (${formatInstant(now)}): the engine would not ` +
      'take it as stated. Check --zone and the column of the time, or leave those rows out; a history of a clock of its own can ' +
      'go live with --go-live offset.',
  );
}
