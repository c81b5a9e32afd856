/** A clock record: which deadlines it fires, and whether it may (product.md §2). */
import type { Clock, LogRecord, Poison } from '@perennial/contracts';
import { decideInPlace } from '@perennial/lifecycle';
import type { DueDeadline, DueQuery, DueRequest } from '@perennial/processor';
import {
  type CustomerId,
  type CustomerKey,
  DEFAULT_TENANT,
  type Instant,
  InvariantViolation,
  parseKey,
} from '@perennial/values';
import type { LifecycleBatch } from '../lifecycle-types';
import type { EngineLimits } from '../limits';
import type { EngineObserver } from '../observer';
import type { ReceivedClock, RepeatedClock } from '../receive';
import { inBootstrapOnly, liveTenants } from '../tenants/tenant-clocks';
import { tenantTime } from '../tenants/tenant-time';
import type { Tenant, Tenants } from '../tenants/tenants';
import type { ClockPositions } from '../used-numbers';
import { deadLetter, type InputRef, inputRef } from './input-ref';
import { countedBefore, keepDecision, planOf } from './keep-decision';

/** Fires the deadlines of one partition. */
export class ClockHandler {
  constructor(
    private readonly partition: number,
    private readonly tenants: Tenants,
    private readonly positions: ClockPositions,
    private readonly limits: EngineLimits,
    private readonly observer: Pick<EngineObserver, 'deadlineLateness'>,
  ) {}

  /** A clock record that is not later than those read before has no effect; after it the scheduler may append the next one. */
  repeated(batch: LifecycleBatch, { clock, number }: RepeatedClock): void {
    const { scope } = clock;
    batch.counters.of(scope.kind === 'live' ? DEFAULT_TENANT : scope.tenant).outcomes['repeated-clock'] += 1;
    if (scope.kind === 'live') batch.clocksRead.push(number);
  }

  /** Uses the clock record's number up. Null: it is a dead letter, since it is for one tenant that only records for all live ones move. */
  due(batch: LifecycleBatch, record: LogRecord, { clock, number }: ReceivedClock): DueRequest | null {
    this.positions.use(clock.scope, number);
    batch.deadlinesUnknown = true;
    if (clock.scope.kind === 'live') batch.clocksRead.push(number);
    const queries = dueQueries(clock, record, this.tenants);
    if ('kind' in queries) {
      deadLetter(batch, record, this.partition, queries);
      return null;
    }
    this.positions.reached(clock.scope, number.processor, effectiveAt(clock, record));
    return { queries, limit: this.limits.deadlinesPerClock };
  }

  /** Returns how many instants of deadlines were evaluated. */
  fire(batch: LifecycleBatch, record: LogRecord, { clock }: ReceivedClock, due: readonly DueDeadline[]): number {
    const ref = inputRef(record, this.partition);
    const live = clock.scope.kind === 'live';
    const effective = effectiveAt(clock, record);
    let evaluations = 0;
    for (const { key, due: at } of due) {
      // The rest stays due, and fires with the next clock record: which are left depends on the log alone.
      if (evaluations >= this.limits.evaluationsPerClock) break;
      const parts = parseKey(key);
      if (parts === null) throw deadlineWithoutState(key);
      const tenant = this.tenants.get(parts.tenant);
      const now = live ? tenantTime(tenant.state.source, effective) : effective;
      evaluations += this.fireOne(batch, ref, { ...parts, key: key as CustomerKey, tenant, now });
      if (live) this.observer.deadlineLateness((now - at) / 1000, 1);
    }
    return evaluations;
  }

  private fireOne(batch: LifecycleBatch, ref: InputRef, { key, customer: id, tenant, now }: Firing): number {
    const customer = batch.customers.get(key);
    const { state } = customer;
    const plan = planOf(tenant, state);
    if (state === null || plan === null) throw deadlineWithoutState(key);
    const before = countedBefore(state);
    const decision = decideInPlace(plan, { state, input: { kind: 'clock' }, now });
    keepDecision(batch, tenant, plan, { tenant: tenant.state.tenant, id, customer, before }, decision, ref);
    return decision.evaluations;
  }
}

/** One customer whose deadline is due at `now`, in its tenant's time. */
interface Firing {
  readonly key: CustomerKey;
  readonly customer: CustomerId;
  readonly tenant: Tenant;
  readonly now: Instant;
}

/** The tenants that a clock record speaks to, each with its time; a poison when it speaks to one that keeps its own time. */
function dueQueries(clock: Clock, record: LogRecord, tenants: Tenants): readonly DueQuery[] | Poison {
  if (clock.scope.kind === 'live') {
    const wall = effectiveAt(clock, record);
    return liveTenants(tenants).map((tenant) => query(tenant, tenantTime(tenant.state.source, wall)));
  }
  const tenant = tenants.get(clock.scope.tenant);
  const { source, bootstrap } = tenant.state;
  if (source.kind !== 'event' && bootstrap.kind === 'off') return keepsOwnTime;
  return [{ tenant: tenant.state.tenant, through: clock.at, except: [] }];
}

const query = (tenant: Tenant, through: Instant): DueQuery => ({
  tenant: tenant.state.tenant,
  through,
  except: inBootstrapOnly(tenant),
});

/** When a clock record takes effect: that of live tenants no later than it was appended. */
const effectiveAt = ({ scope, at }: Clock, { timestamp }: LogRecord): Instant =>
  scope.kind === 'live' ? Math.min(at, timestamp) : at;

const keepsOwnTime: Poison = {
  kind: 'poison',
  cause: 'invalid-command',
  detail:
    'the clock record is for one tenant, whose time source is live and which is not in bootstrap: only its own clock moves it',
};

const deadlineWithoutState = (key: string): InvariantViolation =>
  new InvariantViolation(
    'ENGINE.DEADLINE_WITHOUT_STATE',
    `there is a deadline but no state of ${key}: restore both tables from the same backup`,
  );
