/** What a partition knows of its tenants: a function of the inputs read so far. */
import { type Instant, InvariantViolation, type TenantId } from '@perennial/values';
import { type CustomerState, unpackState } from '@perennial/lifecycle';
import { type ByteSlice } from '@perennial/codec';
import type { Plans, TenantPlans } from './plans';
import type { PublishedDefinition, TenantChange, TenantState } from '../control-state';

/** A tenant in memory: what is stored of it, and its compiled definitions. */
export interface Tenant {
  state: TenantSettings;
  plans: TenantPlans;
  /** As in {@link TenantState}; apart from the rest, since any activity may change it. */
  newestAt: Instant | null;
}
type TenantSettings = Omit<TenantState, 'newestAt'>;

/** The tenants of one partition. Commands change them; `takeChanged` is what the commit stores. */
export class Tenants {
  private readonly byId = new Map<TenantId, Tenant>();
  /** Since the last commit. */
  private readonly changes = new Map<TenantId, TenantChange>();
  /** Those with another `newestAt` since the last commit. */
  private readonly moved = new Set<Tenant>();

  constructor(
    readonly plans: Plans,
    stored: readonly TenantState[],
  ) {
    for (const { newestAt, ...state } of stored) this.byId.set(state.tenant, this.open(state, newestAt));
  }

  /** Unknown tenants are not kept: a tenant exists once the log holds a command for it, so that this stays a function of the log. */
  get(id: TenantId): Tenant {
    return this.byId.get(id) ?? this.open(unknownTenant(id), null);
  }

  all(): Iterable<Tenant> {
    return this.byId.values();
  }

  /** Only tenants whose clock is restarted from it need it kept. */
  taken(tenant: Tenant, at: Instant): void {
    if (tenant.state.source.kind !== 'offset' || at <= (tenant.newestAt ?? Number.NEGATIVE_INFINITY)) return;
    tenant.newestAt = at;
    this.moved.add(tenant);
  }

  /** A stored state, by the plan of the version that its customer is in. Throws `InvariantViolation` when there is none. */
  deserialize(key: string, packed: ByteSlice): CustomerState {
    const tenant = this.get(key.slice(0, Math.max(0, key.indexOf(':'))) as TenantId);
    const plan = tenant.plans.forState(packed);
    if (plan === null) throw stateWithoutDefinition(key);
    return unpackState(plan, packed);
  }

  /** What changed since the last call, for the commit. */
  takeChanged(): TenantChange[] {
    for (const tenant of this.moved) this.note(tenant, { newestAt: tenant.newestAt });
    this.moved.clear();
    const changes = [...this.changes.values()];
    this.changes.clear();
    return changes;
  }

  /** A command published a definition that can follow those before. */
  publish(tenant: Tenant, definition: PublishedDefinition): void {
    const published = this.changes.get(tenant.state.tenant)?.definitions ?? [];
    this.set(tenant, { definitions: [...tenant.state.definitions, definition] });
    this.note(tenant, { definitions: [...published, definition] });
    tenant.plans = this.plans.ofTenant(tenant.state.definitions);
  }

  /** A command set this; from the first one on the tenant is known. */
  set(tenant: Tenant, change: Partial<Pick<TenantState, 'source' | 'bootstrap' | 'definitions'>>): void {
    tenant.state = { ...tenant.state, ...change };
    this.byId.set(tenant.state.tenant, tenant);
    const { source, bootstrap } = tenant.state;
    this.note(tenant, { source, bootstrap });
  }

  /** For the commit; it joins what the micro-batch changed of the tenant before. */
  private note({ state: { tenant } }: Tenant, change: Omit<TenantChange, 'tenant'>): void {
    this.changes.set(tenant, { tenant, ...this.changes.get(tenant), ...change });
  }

  private open(state: TenantSettings, newestAt: Instant | null): Tenant {
    return { state, newestAt, plans: this.plans.ofTenant(state.definitions) };
  }
}

/** Whether a customer is under import: its facts are marked `history`. */
export function inBootstrap({ bootstrap }: TenantSettings, customer: string): boolean {
  return bootstrap.kind === 'all' || (bootstrap.kind === 'customers' && bootstrap.customers.includes(customer));
}

const unknownTenant = (tenant: TenantId): TenantSettings => ({
  tenant,
  source: { kind: 'wall' },
  bootstrap: { kind: 'off' },
  definitions: [],
});

const stateWithoutDefinition = (key: string): InvariantViolation =>
  new InvariantViolation(
    'ENGINE.STATE_WITHOUT_DEFINITION',
    `the definition that the stored state of ${key} is in was never published in its partition`,
  );
