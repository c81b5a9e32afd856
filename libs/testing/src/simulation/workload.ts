/** What the outside world sends, by seed: commands first, then activities of three tenants, with everything that goes wrong. */
import {
  activityRecord,
  clockRecord,
  type Command,
  commandRecord,
  type OutRecord,
  type SegmentMessage,
  TOPIC,
} from '@perennial/contracts';
import { formatInstant, type Instant, type TenantId } from '@perennial/values';
import { signing } from './installation-key';
import type { Chance } from './chance';
import { simulatedLifecycle } from './simulated-lifecycle';
import { EPOCH } from './virtual-process';

/** Records that are sent together, in order. */
export interface Sending {
  readonly at: number;
  readonly records: readonly OutRecord[];
}

const SECOND = 1_000;
const DAY = 86_400 * SECOND;
/** `past` brings its own clock, `live` runs on the wall, `shop` is a frozen history that runs on at a day a second. */
const PAST = 'past' as TenantId;
const LIVE = 'live' as TenantId;
const SHOP = 'shop' as TenantId;
const HISTORY = Date.UTC(2011, 0, 1);
const TENANTS = [PAST, LIVE, SHOP] as const;
/** Shortest duration of a tenant's lifecycle, in seconds of its own time. */
const UNIT: Readonly<Record<string, number>> = { [PAST]: 86_400, [LIVE]: 1, [SHOP]: 86_400 };
const CUSTOMERS = 6;

export class Workload {
  private readonly sent: OutRecord[] = [];
  /** Of the last command or clock record. */
  private number = 0;

  constructor(
    private readonly chance: Chance,
    private readonly partitions: number,
    /** Everything is sent before. */
    private readonly until: number,
  ) {}

  sendings(count: number): readonly Sending[] {
    const opening = { at: 0, records: TENANTS.flatMap((tenant) => this.opening(tenant)) };
    const rest = Array.from({ length: count }, () => this.chance.between(1, this.until))
      .sort((a, b) => a - b)
      .map((at) => ({ at, records: this.sending(at) }));
    return [opening, ...rest, { at: this.until, records: this.ending() }];
  }

  private opening(tenant: TenantId): OutRecord[] {
    const commands: Command[] = [publish(tenant, 1)];
    if (tenant === PAST) commands.push(timeSource(PAST, { kind: 'event', aheadMs: 0 }), bootstrap('start', PAST, null));
    if (tenant === SHOP) {
      const speed = this.chance.pick([3_600, 86_400, 400_000]);
      commands.push(
        timeSource(SHOP, { kind: 'offset', base: HISTORY, from: EPOCH, speed }),
        bootstrap('start', SHOP, ['c0', 'c1']),
      );
    }
    return commands.flatMap((command) => this.everywhere(command));
  }

  /** Clocks until nothing of the past is due any more, as an importer sends them. */
  private ending(): OutRecord[] {
    const clocks = Array.from({ length: 3 }, () => this.pastClock(HISTORY + 60 * DAY)).flat();
    return [
      ...clocks,
      ...this.everywhere(bootstrap('end', SHOP, null)),
      ...this.everywhere(bootstrap('end', PAST, null)),
    ];
  }

  private sending(at: number): readonly OutRecord[] {
    const roll = this.chance.next();
    if (roll < 0.72) return this.remember(this.activity(at));
    if (roll < 0.8) return this.again();
    if (roll < 0.88) return [this.poison(at)];
    if (roll < 0.94) return this.pastClock(this.tenantTime(PAST, at));
    return this.everywhere(this.command());
  }

  private activity(at: number): OutRecord[] {
    const tenant = this.chance.pick(TENANTS);
    const own = this.tenantTime(tenant, at);
    const late = this.chance.happens(0.2) ? this.chance.between(0, 3 * (UNIT[tenant] ?? 1) * SECOND) : 0;
    const record = activityRecord(tenant, this.message(own - late));
    return [this.chance.happens(0.05) ? { ...record, partition: this.chance.between(0, this.partitions - 1) } : record];
  }

  private message(at: Instant): SegmentMessage {
    const userId = `c${this.chance.between(0, CUSTOMERS - 1)}`;
    const messageId = this.chance.happens(0.9) ? `m${this.sent.length}` : null;
    // Whole hundreds, so that some activities share their instant.
    const timestamp = this.chance.happens(0.9) ? formatInstant(at - (at % 100)) : null;
    if (this.chance.happens(0.3)) return { type: 'page', userId, messageId, timestamp };
    const event = this.chance.happens(0.95) ? 'Order Completed' : 'Wished';
    const properties = { total: this.chance.between(1, 100), currency: this.chance.pick(['GBP', 'GBP', 'EUR']) };
    return { type: 'track', event, userId, messageId, timestamp, properties };
  }

  /** A producer that sends something once more. */
  private again(): readonly OutRecord[] {
    return this.sent.length === 0 ? [] : [this.sent[this.chance.between(0, this.sent.length - 1)] ?? []].flat();
  }

  private poison(at: number): OutRecord {
    const [record] = this.activity(at);
    const partition = this.chance.between(0, this.partitions - 1);
    const unsigned = clockRecord(TOPIC.activity, partition, { scope: { kind: 'live' }, at: EPOCH + 30 * DAY });
    const broken = { topic: TOPIC.activity, key: `${LIVE}:c1`, headers: [] };
    return this.chance.pick([
      unsigned,
      { ...broken, value: null },
      { ...broken, value: new TextEncoder().encode('{"type":') },
      { ...broken, value: record?.value ?? null, key: null },
      { ...broken, value: record?.value ?? null, key: `nobody:${this.chance.between(0, 9)}` },
      activityRecord(LIVE, this.message(EPOCH + at + 3 * DAY)),
      activityRecord('undefined' as TenantId, this.message(EPOCH + at)),
    ]);
  }

  private command(): Command {
    const tenant = this.chance.pick(TENANTS);
    const customers = [`c${this.chance.between(0, CUSTOMERS - 1)}`];
    return this.chance.pick<Command>([
      publish(tenant, 2),
      { ...publish(tenant, 2), source: 'kind: Nothing' },
      bootstrap('start', LIVE, customers),
      bootstrap('end', LIVE, customers),
      bootstrap('end', SHOP, customers),
    ]);
  }

  private pastClock(at: Instant): OutRecord[] {
    const clock = { scope: { kind: 'tenant', tenant: PAST }, at } as const;
    const number = { processor: 'importer', epoch: 1, counter: ++this.number } as const;
    return this.all((partition) => signing.sign(clockRecord(TOPIC.activity, partition, clock), number));
  }

  private everywhere(command: Command): OutRecord[] {
    const number = ++this.number;
    return this.all((partition) => signing.sign(commandRecord(TOPIC.activity, partition, command), number));
  }

  private all(record: (partition: number) => OutRecord): OutRecord[] {
    return Array.from({ length: this.partitions }, (_, partition) => record(partition));
  }

  private remember(records: readonly OutRecord[]): readonly OutRecord[] {
    this.sent.push(...records);
    return records;
  }

  /** What a tenant's own clock says, roughly: `past` and `shop` live through a day in a second. */
  private tenantTime(tenant: TenantId, at: number): Instant {
    return tenant === LIVE ? EPOCH + at : HISTORY + (at * DAY) / SECOND;
  }
}

const publish = (tenant: TenantId, version: number) =>
  ({
    type: 'perennial.command.publish-definition.v1',
    tenant,
    source: simulatedLifecycle(version, UNIT[tenant] ?? 1),
  }) as const;
const timeSource = (tenant: TenantId, source: (Command & { type: 'perennial.command.set-time-source.v1' })['source']) =>
  ({ type: 'perennial.command.set-time-source.v1', tenant, source }) as const;
const bootstrap = (which: 'start' | 'end', tenant: TenantId, customers: string[] | null) =>
  ({ type: `perennial.command.${which}-bootstrap.v1`, tenant, customers }) as const;
