/** What a partition knows of its tenants: a function of the inputs read so far. */
import { type Command, type Poison } from '@perennial/contracts';
import { type Instant, InvariantViolation, type TenantId } from '@perennial/values';
import { type CustomerState, unpackState } from '@perennial/lifecycle';
import { type ByteSlice } from '@perennial/codec';
import { isPlan, type Plans, type TenantPlans } from './plans';
import type { Bootstrap, PublishedDefinition, TenantChange, TenantState } from './control-state';

export interface Tenant {
  state: TenantSettings;
  plans: TenantPlans;
  /** As in {@link TenantState}; apart from the rest, since any activity may change it. */
  newestAt: Instant | null;
}
type TenantSettings = Omit<TenantState, 'newestAt'>;

export class Tenants {
  private readonly byId = new Map<TenantId, Tenant>();
  /** Since the last commit. */
  private readonly changes = new Map<TenantId, TenantChange>();
  /** Those with another `newestAt` since the last commit. */
  private readonly moved = new Set<Tenant>();

  constructor(
    private readonly plans: Plans,
    stored: readonly TenantState[],
  ) {
    for (const { newestAt, ...state } of stored) this.byId.set(state.tenant, this.open(state, newestAt));
  }

  /** One of which the log has said nothing yet is not kept: what it is must not depend on who has read of it. */
  get(id: TenantId): Tenant {
    return this.byId.get(id) ?? this.open(unknownTenant(id), null);
  }

  all(): Iterable<Tenant> {
    return this.byId.values();
  }

  /** Carries a command out that was appended at `appendedAt`; a poison when it makes no sense. */
  obey(command: Command, appendedAt: Instant): Poison | null {
    const tenant = this.get(command.tenant);
    switch (command.type) {
      case 'perennial.command.set-time-source.v1':
        this.set(tenant, { source: command.source });
        return null;
      case 'perennial.command.start-bootstrap.v1':
        this.set(tenant, { bootstrap: started(tenant.state.bootstrap, command.customers) });
        return null;
      case 'perennial.command.end-bootstrap.v1':
        this.set(tenant, { bootstrap: ended(tenant.state.bootstrap, command.customers) });
        return null;
      case 'perennial.command.publish-definition.v1':
        return this.publish(tenant, {
          source: command.source,
          author: command.author ?? null,
          reason: command.reason ?? null,
          publishedAt: appendedAt,
        });
    }
  }

  /** Only tenants whose clock is restarted from it need it kept. */
  taken(tenant: Tenant, at: Instant): void {
    if (tenant.state.source.kind !== 'offset' || at <= (tenant.newestAt ?? Number.NEGATIVE_INFINITY)) return;
    tenant.newestAt = at;
    this.moved.add(tenant);
  }

  /** A stored state, by the plan of the version its customer is in. */
  unpack(key: string, packed: ByteSlice): CustomerState {
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

  /** A text that was published before changes nothing, whoever publishes it again. */
  private publish(tenant: Tenant, definition: PublishedDefinition): Poison | null {
    if (tenant.state.definitions.some(({ source }) => source === definition.source)) return null;
    const plan = this.plans.of(definition.source);
    if (!isPlan(plan)) return refused(`the definition does not compile: ${plan.slice(0, 3).join('; ')}`);
    const newest = tenant.plans.newest?.definition;
    const { name, version } = plan.definition;
    if (newest !== undefined && (newest.name !== name || version <= newest.version)) {
      return refused(
        `${name} version ${version} cannot follow ${newest.name} version ${newest.version}: keep the name and raise the version`,
      );
    }
    const published = this.changes.get(tenant.state.tenant)?.definitions ?? [];
    this.set(tenant, { definitions: [...tenant.state.definitions, definition] });
    this.note(tenant, { definitions: [...published, definition] });
    tenant.plans = this.plans.ofTenant(tenant.state.definitions);
    return null;
  }

  /** A command set this; from the first one on the tenant is known. */
  private set(tenant: Tenant, change: Partial<Pick<TenantState, 'source' | 'bootstrap' | 'definitions'>>): void {
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

export function inBootstrap({ bootstrap }: TenantSettings, customer: string): boolean {
  return bootstrap.kind === 'all' || (bootstrap.kind === 'customers' && bootstrap.customers.includes(customer));
}

const refused = (detail: string): Poison => ({
  kind: 'poison',
  cause: 'invalid-definition',
  detail: detail.slice(0, 300),
});

const unknownTenant = (tenant: TenantId): TenantSettings => ({
  tenant,
  source: { kind: 'wall' },
  bootstrap: { kind: 'off' },
  definitions: [],
});

function started(now: Bootstrap, customers: readonly string[] | null): Bootstrap {
  if (customers === null || now.kind === 'all') return { kind: 'all' };
  const listed = now.kind === 'customers' ? now.customers : [];
  return { kind: 'customers', customers: [...new Set([...listed, ...customers])].sort() };
}

function ended(now: Bootstrap, customers: readonly string[] | null): Bootstrap {
  if (customers === null || now.kind !== 'customers') return { kind: 'off' };
  const left = now.customers.filter((customer) => !customers.includes(customer));
  return left.length === 0 ? { kind: 'off' } : { kind: 'customers', customers: left };
}

const stateWithoutDefinition = (key: string): InvariantViolation =>
  new InvariantViolation(
    'ENGINE.STATE_WITHOUT_DEFINITION',
    `the definition that the stored state of ${key} is in was never published in its partition`,
  );
