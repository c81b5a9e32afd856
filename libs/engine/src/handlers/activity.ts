/** An activity: forward, or dedupe → advance → fold → signal → step. */
import { type LogRecord, poison, type Poison } from '@perennial/contracts';
import { decideInPlace, type Decision } from '@perennial/lifecycle';
import { DEFAULT_TENANT, partitionFor, type TenantId } from '@perennial/values';
import type { LifecycleBatch } from '../lifecycle-types';
import { type ReceivedActivity, timing } from '../receive';
import type { Tenants } from '../tenants/tenants';
import { appendedAt, forward, identified } from './forward';
import { deadLetter, inputRef } from './input-ref';
import { countedBefore, keepDecision, planOf } from './keep-decision';

/** A record's key with a colon names its tenant, so it is spelled as the customer's key is. */
const COLON = 0x3a;

/** Decides the activities of one partition; those of other partitions are forwarded, refused ones become dead letters. */
export class ActivityHandler {
  constructor(
    private readonly partition: number,
    /** How many the activity topic has. */
    private readonly partitions: number,
    private readonly tenants: Tenants,
  ) {}

  /** Returns how many instants of deadlines were evaluated on the way. */
  handle(batch: LifecycleBatch, record: LogRecord, received: ReceivedActivity): number {
    const { key } = received;
    const home = partitionFor(record.key?.includes(COLON) === true ? record.key : key, this.partitions);
    if (home !== this.partition) {
      batch.outbox.record(forward(record, key, home, inputRef(record, this.partition).position));
      batch.counters.of(received.tenant).forwarded += 1;
      return 0;
    }
    const activity = identified(received.activity, record);
    const tenant = this.tenants.get(received.tenant);
    const when = timing(activity, appendedAt(record), tenant.state);
    if ('kind' in when) return this.refuse(batch, record, when);
    const customer = batch.customers.get(key);
    const { state } = customer;
    const plan = planOf(tenant, state);
    if (plan === null) return this.refuse(batch, record, noDefinition(received.tenant));
    const input = { kind: 'activity', activity, statedAt: when.statedAt, dedupe: true } as const;
    const before = countedBefore(state);
    const decision = decideInPlace(plan, { state, input, now: when.at });
    if (decision.outcome === 'refused') return this.refuse(batch, record, amountOutOfRange);
    count(batch, tenant.state.tenant, decision, when.at < when.statedAt);
    if (!decision.changed) return 0;
    this.tenants.taken(tenant, when.at);
    const subject = { tenant: received.tenant, id: activity.customer, customer, before };
    keepDecision(batch, tenant, plan, subject, decision, inputRef(record, this.partition));
    return decision.evaluations;
  }

  private refuse(batch: LifecycleBatch, record: LogRecord, reason: Poison): 0 {
    deadLetter(batch, record, this.partition, reason);
    return 0;
  }
}

function count(batch: LifecycleBatch, tenant: TenantId, { outcome, flaw }: Decision, ahead: boolean): void {
  const { outcomes } = batch.counters.of(tenant);
  if (outcome === 'taken' || outcome === 'late' || outcome === 'unverifiable' || outcome === 'duplicate')
    outcomes[outcome] += 1;
  if (outcome === 'ignored') outcomes.uncatalogued += 1;
  if (ahead) outcomes.future += 1;
  if (flaw !== null) outcomes['amount-left-out'] += 1;
  if (flaw === 'amount-other-sign') outcomes[flaw] += 1;
}

/** With the commands to type. */
function noDefinition(tenant: TenantId): Poison {
  const word = /^[\w.-]+$/.test(tenant) ? tenant : JSON.stringify(tenant);
  const flag = tenant === DEFAULT_TENANT ? '' : ` --tenant ${word}`;
  return poison(
    'no-definition',
    `the tenant has no definition yet: perennial definition publish FILE --reason TEXT${flag}; then perennial dead-letter replay --cause no-definition${flag}`,
  );
}

const amountOutOfRange: Poison = {
  kind: 'poison',
  cause: 'amount-out-of-range',
  detail: 'the amount is larger than any the engine keeps exactly: correct it at the producer and send it again',
};
