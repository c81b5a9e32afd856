/** What a partition knows of its tenants: a function of the commands and clock records read so far. */
import { type Command, type Instant, InvariantViolation, type Poison, type TenantId } from '@perennial/contracts';
import { type CustomerState, type Piece, unpackState } from '@perennial/lifecycle';
import { isPlan, type Plans, type TenantPlans } from './plans';
import type { Bootstrap, TenantState } from './ports';

export interface Tenant {
  state: TenantState;
  plans: TenantPlans;
}

export class Tenants {
  private readonly byId = new Map<TenantId, Tenant>();
  private readonly changed = new Set<TenantId>();

  constructor(
    private readonly plans: Plans,
    stored: readonly TenantState[],
  ) {
    for (const state of stored) this.byId.set(state.tenant, this.open(state));
  }

  /** One of which the log has said nothing yet is not kept: what it is must not depend on who has read of it. */
  get(id: TenantId): Tenant {
    return this.byId.get(id) ?? this.open(unknownTenant(id));
  }

  all(): Iterable<Tenant> {
    return this.byId.values();
  }

  /** Carries a command out; a poison when it makes no sense. */
  obey(command: Command): Poison | null {
    const tenant = this.get(command.tenant);
    switch (command.type) {
      case 'perennial.command.set-time-source.v1':
        this.change(tenant, { source: command.source });
        return null;
      case 'perennial.command.start-bootstrap.v1':
        this.change(tenant, { bootstrap: started(tenant.state.bootstrap, command.customers) });
        return null;
      case 'perennial.command.end-bootstrap.v1':
        this.change(tenant, { bootstrap: ended(tenant.state.bootstrap, command.customers) });
        return null;
      case 'perennial.command.publish-definition.v1':
        return this.publish(tenant, command.source);
    }
  }

  /** The tenant's time has come to `at`; it never goes back. */
  clock(tenant: Tenant, at: Instant): void {
    if (at > (tenant.state.clockAt ?? Number.NEGATIVE_INFINITY)) this.change(tenant, { clockAt: at });
  }

  /** Only tenants whose clock is restarted from it need it kept. */
  taken(tenant: Tenant, at: Instant): void {
    if (tenant.state.source.kind !== 'offset' || at <= (tenant.state.newestAt ?? Number.NEGATIVE_INFINITY)) return;
    this.change(tenant, { newestAt: at });
  }

  /** A stored state, by the plan of the version its customer is in. */
  unpack(key: string, packed: Piece): CustomerState {
    const tenant = this.get(key.slice(0, Math.max(0, key.indexOf(':'))) as TenantId);
    const plan = tenant.plans.forState(packed);
    if (plan === null) throw stateWithoutDefinition(key);
    return unpackState(plan, packed);
  }

  /** The states changed since the last call, for the commit. */
  takeChanged(): TenantState[] {
    const states = [...this.changed].map((id) => this.get(id).state);
    this.changed.clear();
    return states;
  }

  private publish(tenant: Tenant, source: string): Poison | null {
    if (tenant.state.definitions.includes(source)) return null;
    const plan = this.plans.of(source);
    if (!isPlan(plan)) return refused(`the definition does not compile: ${plan.slice(0, 3).join('; ')}`);
    const newest = tenant.plans.newest?.definition;
    const { name, version } = plan.definition;
    if (newest !== undefined && (newest.name !== name || version <= newest.version)) {
      return refused(
        `${name} version ${version} cannot follow ${newest.name} version ${newest.version}: keep the name and raise the version`,
      );
    }
    this.change(tenant, { definitions: [...tenant.state.definitions, source] });
    tenant.plans = this.plans.ofTenant(tenant.state.definitions);
    return null;
  }

  private change(tenant: Tenant, change: Partial<TenantState>): void {
    tenant.state = { ...tenant.state, ...change };
    this.byId.set(tenant.state.tenant, tenant);
    this.changed.add(tenant.state.tenant);
  }

  private open(state: TenantState): Tenant {
    return { state, plans: this.plans.ofTenant(state.definitions) };
  }
}

export function inBootstrap({ bootstrap }: TenantState, customer: string): boolean {
  return bootstrap.kind === 'all' || (bootstrap.kind === 'customers' && bootstrap.customers.includes(customer));
}

const refused = (detail: string): Poison => ({
  kind: 'poison',
  cause: 'invalid-definition',
  detail: detail.slice(0, 300),
});

const unknownTenant = (tenant: TenantId): TenantState => ({
  tenant,
  source: { kind: 'wall' },
  bootstrap: { kind: 'off' },
  definitions: [],
  clockAt: null,
  newestAt: null,
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
