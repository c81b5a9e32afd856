/** What becomes of a decision: the changed customer and its facts enter the micro-batch, to be committed with it. */
import type { CustomerState, Decision, Plan } from '@perennial/lifecycle';
import type { Customer } from '@perennial/processor';
import type { CustomerId, TenantId } from '@perennial/values';
import type { LifecycleBatch } from '../lifecycle-types';
import { inBootstrap, type Tenant } from '../tenants/tenants';
import type { InputRef } from './input-ref';

/** Which customer the decision is about. */
interface Subject {
  readonly tenant: TenantId;
  readonly id: CustomerId;
  readonly customer: Customer<CustomerState>;
  readonly before: CountedBefore;
}

/** What is counted of a customer, before an input changes it in place. */
interface CountedBefore {
  readonly armed: boolean;
  readonly parked: boolean;
}

/** Read before `decideInPlace`; null: a new customer. */
export const countedBefore = (state: CustomerState | null): CountedBefore => ({
  armed: state !== null && state.armed !== null,
  parked: state?.parked === true,
});

/** Without a state (nothing was decided) nothing is kept. `ref.index` goes up by the number of facts. */
export function keepDecision(
  batch: LifecycleBatch,
  tenant: Tenant,
  plan: Plan,
  subject: Subject,
  { state, facts, deadline }: Decision,
  ref: InputRef,
): void {
  if (state === null) return;
  const { customer, before } = subject;
  count(batch, subject.tenant, before, state);
  batch.change(customer, { state, due: deadline, offset: ref.position.offset });
  if (facts.length === 0) return;
  const { name, version } = plan.definition;
  const stamp = {
    tenant: subject.tenant,
    customer: subject.id,
    position: ref.position,
    decidedAt: ref.appendedAt,
    mode: inBootstrap(tenant.state, subject.id) ? 'history' : 'live',
    definition: { name, version },
  } as const;
  batch.outbox.facts(facts, stamp, ref.index);
  const counters = batch.counters.of(subject.tenant);
  for (const fact of facts) counters.fact(fact, version);
  ref.index += facts.length;
}

function count(batch: LifecycleBatch, tenant: TenantId, before: CountedBefore, after: CustomerState): void {
  if (after.parked && !before.parked) batch.counters.parked += 1;
  const armed = (after.armed === null ? 0 : 1) - (before.armed ? 1 : 0);
  batch.counters.of(tenant).armed += armed;
  batch.armed += armed;
}

/** A customer stays in the version it is in; a new one enters the newest. */
export function planOf({ plans }: Tenant, state: CustomerState | null): Plan | null {
  return state === null ? plans.newest : plans.forVersion(state.definition);
}
