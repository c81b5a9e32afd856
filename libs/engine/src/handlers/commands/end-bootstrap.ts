import type { Bootstrap } from '../../control-state';
import type { CommandRule } from './rule';

/** A tenant that is in bootstrap as a whole leaves it, whichever customers are named; else the named ones leave it. */
export const endBootstrap: CommandRule<'perennial.command.end-bootstrap.v1'> = (command, { tenants }) => {
  const tenant = tenants.get(command.tenant);
  tenants.set(tenant, { bootstrap: ended(tenant.state.bootstrap, command.customers) });
  return null;
};

/** `customers` null: the whole tenant. */
function ended(now: Bootstrap, customers: readonly string[] | null): Bootstrap {
  if (customers === null || now.kind !== 'customers') return { kind: 'off' };
  const left = now.customers.filter((customer) => !customers.includes(customer));
  return left.length === 0 ? { kind: 'off' } : { kind: 'customers', customers: left };
}
