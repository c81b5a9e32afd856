/**
 * What the tests write to the activity topic: the history of an `event` tenant, as an import sends it, with everything that
 * goes wrong in practice, and some customers of a live tenant whose deadlines are a second long.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  activityRecord,
  type ClockNumber,
  clockRecord,
  type Command,
  commandRecord,
  headersOf,
  type OutRecord,
  type TimeSource,
  TOPIC,
} from '@perennial/contracts';
import { formatInstant, type Instant, partitionFor, type TenantId, tenantId } from '@perennial/values';
import { Signing } from '@perennial/engine';
import { KEY } from '../../e2e/installation';
import { seeded } from './seeded';

export const PARTITIONS = 4;
export const PAST = tenant('past');
export const LIVE = tenant('live');

const signing = new Signing(Buffer.from(KEY));
/** Of the last command or clock record: each has another, whatever filling it is of. */
let number = 0;
export const RETAIL = readFileSync(join(__dirname, '../../../libs/definition/templates/retail.yaml'), 'utf8');
/** The same, lived through in three seconds. */
const HASTY = RETAIL.replaceAll('P60D', 'PT1S').replaceAll('P30D', 'PT1.4S').replaceAll('P180D', 'PT2S');
const DAY = 86_400_000;
const BEGIN = Date.UTC(2020, 0, 1);
const DAYS = 500;

export interface Filling {
  readonly seed: number;
  /** Activities of the event tenant, without what goes wrong. */
  readonly activities: number;
  /** Activities of the live tenant. */
  readonly live: number;
}

/** The records in the order in which they are to be sent; the same for the same filling. */
export function filling({ seed, activities, live }: Filling): OutRecord[] {
  const random = seeded(seed);
  const past = Array.from({ length: activities }, (_, index) =>
    pastActivity(random, index, { seed, activities }),
  ).flat();
  const quarter = Math.ceil(past.length / 4);
  const quarters = [0, 1, 2, 3].flatMap((n) => [
    ...past.slice(n * quarter, (n + 1) * quarter),
    ...clocks(BEGIN + ((n + 1) * DAYS * DAY) / 4),
  ]);
  return [
    ...commands(PAST, RETAIL, { kind: 'event', aheadMs: BEGIN + DAYS * DAY - Date.now() }),
    ...commands(LIVE, HASTY, { kind: 'wall' }),
    ...toAll({ type: 'perennial.command.start-bootstrap.v1', tenant: PAST, customers: null }),
    ...quarters,
    ...Array.from({ length: live }, (_, index) => order(LIVE, `c${seed}-${index % 20}`, `live-${seed}-${index}`, null)),
    ...clocks(BEGIN + (DAYS + 100) * DAY),
    ...toAll({ type: 'perennial.command.end-bootstrap.v1', tenant: PAST, customers: null }),
  ];
}

/** An order; without `at` it takes place when it is appended. */
export function order(of: TenantId, customer: string, id: string, at: Instant | null, total = 10): OutRecord {
  return activityRecord(of, {
    type: 'track',
    event: 'Order Completed',
    messageId: id,
    userId: customer,
    ...(at === null ? {} : { timestamp: formatInstant(at) }),
    properties: { total, currency: 'GBP' },
  });
}

/** A visit when it is appended: folded, and nothing else. */
export function visit(of: TenantId, customer: string, id: string): OutRecord {
  return activityRecord(of, { type: 'page', name: 'Home', messageId: id, userId: customer });
}

/** What a tenant needs before its first activity. */
export function commands(of: TenantId, source: string, time: TimeSource): OutRecord[] {
  return [
    ...toAll({ type: 'perennial.command.publish-definition.v1', tenant: of, source }),
    ...toAll({ type: 'perennial.command.set-time-source.v1', tenant: of, source: time }),
  ];
}

/** A clock record of the event tenant in every partition. */
function clocks(at: Instant): OutRecord[] {
  return everywhere(
    (partition) => clockRecord(TOPIC.activity, partition, { scope: { kind: 'tenant', tenant: PAST }, at }),
    (counter) => ({ processor: 'importer', epoch: 1, counter }),
  );
}

const toAll = (command: Command): OutRecord[] =>
  everywhere((partition) => commandRecord(TOPIC.activity, partition, command));

const everywhere = (
  record: (partition: number) => OutRecord,
  numbered: (next: number) => ClockNumber | number = (next) => next,
): OutRecord[] => {
  const own = numbered(++number);
  return Array.from({ length: PARTITIONS }, (_, partition) => signing.sign(record(partition), own));
};

/** One activity in its time, and now and then something that should not be. Customers are those of the seed. */
function pastActivity(random: () => number, index: number, of: Omit<Filling, 'live'>): OutRecord[] {
  const customers = Math.ceil(of.activities / 12);
  const at = BEGIN + Math.floor((index / of.activities) * DAYS) * DAY + Math.floor(random() * DAY);
  const customer = `c${of.seed}-${Math.floor(random() * customers)}`;
  const record = order(PAST, customer, `past-${index}`, at, 1 + Math.floor(random() * 9));
  const dice = random();
  if (dice < 0.04) return [record, record];
  if (dice < 0.08) return [record, order(PAST, customer, `late-${index}`, at - Math.floor(random() * 90 * DAY))];
  if (dice < 0.12) return [record, ...poisons(customer, index % 7)];
  // Of each customer at most one goes astray: several would be forwarded in an order that depends on the moment.
  if (index < customers) return [record, astray(`c${of.seed}-${index}`, at)];
  return [record];
}

/** In a partition that is not its customer's. */
function astray(customer: string, at: Instant): OutRecord {
  const record = order(PAST, customer, `astray-${customer}`, at);
  return { ...record, partition: (partitionFor(`${PAST}:${customer}`, PARTITIONS) + 1) % PARTITIONS };
}

function poisons(customer: string, kind: number): OutRecord[] {
  const good = order(PAST, customer, 'never', BEGIN);
  const bad: readonly Partial<OutRecord>[] = [
    { value: Buffer.from('{"type":"track"') },
    { value: Buffer.from([0xff, 0xfe, 0x7b]) },
    { value: null },
    { key: null },
    { key: `${PAST}:somebody-else` },
    { headers: headersOf({ ce_type: 'perennial.command.end-bootstrap.v1' }), partition: 1 },
    order(PAST, customer, 'of tomorrow', BEGIN + 2_000 * DAY),
  ];
  return [{ ...good, ...bad[kind] }];
}

function tenant(text: string): TenantId {
  const id = tenantId(text);
  if (id === null) throw new Error(`not a tenant: ${text}`);
  return id;
}
