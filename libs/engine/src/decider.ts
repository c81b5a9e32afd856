/** Puts received inputs to the pure core and gathers what it answers: dedupe → advance → fold → signal → step, for one partition. */
import {
  deadLetterRecord,
  type LogRecord,
  poison,
  type Poison,
  type Position,
  readKey,
  TOPIC,
} from '@perennial/contracts';
import {
  type CustomerId,
  type CustomerKey,
  DEFAULT_TENANT,
  type Instant,
  InvariantViolation,
  parseKey,
  partitionFor,
  type TenantId,
} from '@perennial/values';
import { type CustomerState, decideInPlace, type Decision, type Plan } from '@perennial/lifecycle';
import type { Customer, Customers } from './customers';
import { appendedAt, forward, identified } from './forwarding';
import { type MicroBatch, type Standing, standing } from './micro-batch';
import { type Received, timing } from './receive';
import { inBootstrap, type Tenant, type Tenants } from './tenants';

/** Whose input it is. */
interface Who {
  readonly tenant: TenantId;
  readonly id: CustomerId;
  readonly customer: Customer;
  readonly before: Standing;
}

/** An input's place in the log, with the count of what it caused so far. */
export interface Caused {
  readonly position: Position;
  /** The broker's append time. */
  readonly appendedAt: Instant;
  index: number;
}

/** With one, the record's key is spelled as the customer's is: no tenant was left out. */
const COLON = 0x3a;

export class Decider {
  constructor(
    private readonly partition: number,
    /** Of the activity topic. */
    private readonly partitions: number,
    private readonly tenants: Tenants,
    private readonly customers: Customers,
  ) {}

  /** Where an input stands. */
  cause(record: LogRecord): Caused {
    return {
      position: { topic: TOPIC.activity, partition: this.partition, offset: record.offset },
      appendedAt: record.timestamp,
      index: 0,
    };
  }

  /** Answers how many instants of deadlines were evaluated on the way. */
  activity(batch: MicroBatch, record: LogRecord, received: Received & { kind: 'activity' }): number {
    const { key } = received;
    const home = partitionFor(record.key?.includes(COLON) === true ? record.key : key, this.partitions);
    if (home !== this.partition) {
      batch.forward(received.tenant, forward(record, key, home, this.cause(record).position));
      return 0;
    }
    const activity = identified(received.activity, record);
    const tenant = this.tenants.get(received.tenant);
    const when = timing(activity, appendedAt(record), tenant.state);
    if ('kind' in when) {
      this.poison(batch, record, when);
      return 0;
    }
    const customer = this.customers.get(key);
    const { state } = customer;
    const plan = planOf(tenant, state);
    if (plan === null) {
      this.poison(batch, record, noDefinition(received.tenant));
      return 0;
    }
    const input = { kind: 'activity', activity, statedAt: when.statedAt, dedupe: true } as const;
    const before = standing(state);
    const decision = decideInPlace(plan, { state, input, now: when.at });
    if (decision.outcome === 'refused') {
      this.poison(batch, record, amountOutOfRange);
      return 0;
    }
    this.count(batch, tenant.state.tenant, decision, when.at < when.statedAt);
    if (!decision.changed) return 0;
    this.tenants.taken(tenant, when.at);
    const who = { tenant: received.tenant, id: activity.customer, customer, before };
    this.keep(batch, tenant, plan, who, decision, this.cause(record));
    return decision.evaluations;
  }

  /** Fires what one customer has due at `now`; answers how many instants were evaluated. */
  clock(batch: MicroBatch, cause: Caused, key: CustomerKey, now: Instant): number {
    const parts = parseKey(key);
    const customer = this.customers.get(key);
    const { state } = customer;
    if (parts === null || state === null) throw deadlineWithoutState(key);
    const tenant = this.tenants.get(parts.tenant);
    const plan = planOf(tenant, state);
    if (plan === null) throw deadlineWithoutState(key);
    const before = standing(state);
    const decision = decideInPlace(plan, { state, input: { kind: 'clock' }, now });
    this.keep(batch, tenant, plan, { tenant: parts.tenant, id: parts.customer, customer, before }, decision, cause);
    return decision.evaluations;
  }

  poison(batch: MicroBatch, record: LogRecord, poison: Poison): void {
    const { position } = this.cause(record);
    batch.deadLetter(tenantOf(record), poison.cause, deadLetterRecord(record, position, poison));
  }

  private keep(
    batch: MicroBatch,
    tenant: Tenant,
    plan: Plan,
    who: Who,
    { state, facts, deadline }: Decision,
    cause: Caused,
  ): void {
    if (state === null) return;
    batch.change(who.customer, who.tenant, who.before, { state, due: deadline, offset: cause.position.offset });
    if (facts.length === 0) return;
    const { name, version } = plan.definition;
    const mode = inBootstrap(tenant.state, who.id) ? 'history' : 'live';
    const stamp = {
      tenant: who.tenant,
      customer: who.id,
      position: cause.position,
      decidedAt: cause.appendedAt,
      mode,
      definition: { name, version },
    } as const;
    batch.facts(who.tenant, facts, stamp, cause.index);
    cause.index += facts.length;
  }

  private count(batch: MicroBatch, tenant: TenantId, { outcome, flaw }: Decision, ahead: boolean): void {
    if (outcome === 'taken' || outcome === 'late' || outcome === 'unverifiable' || outcome === 'duplicate')
      batch.outcome(tenant, outcome);
    if (outcome === 'ignored') batch.outcome(tenant, 'uncatalogued');
    if (ahead) batch.outcome(tenant, 'future');
    if (flaw !== null) batch.outcome(tenant, 'amount-left-out');
    if (flaw === 'amount-other-sign') batch.outcome(tenant, flaw);
  }
}

/** A customer stays in the version it is in; a new one enters the newest. */
function planOf({ plans }: Tenant, state: CustomerState | null): Plan | null {
  return state === null ? plans.newest : plans.forVersion(state.definition);
}

/** Whose total a dead letter counts in: the key's tenant where it can be read. */
function tenantOf({ key }: LogRecord): TenantId {
  const read = readKey(key);
  return read.kind === 'key' ? read.tenant : DEFAULT_TENANT;
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

const deadlineWithoutState = (key: string): InvariantViolation =>
  new InvariantViolation(
    'ENGINE.DEADLINE_WITHOUT_STATE',
    `there is a deadline but no state of ${key}: restore both tables from the same backup`,
  );
