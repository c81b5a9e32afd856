import type { Bootstrap } from '../../control-state';
import type { CommandRule } from './rule';

/** Joins the customers that are in bootstrap already. */
export const startBootstrap: CommandRule<'perennial.command.start-bootstrap.v1'> = (command, { tenants }) => {
  const tenant = tenants.get(command.tenant);
  tenants.set(tenant, { bootstrap: started(tenant.state.bootstrap, command.customers) });
  return null;
};

/** `customers` null: the whole tenant. */
function started(now: Bootstrap, customers: readonly string[] | null): Bootstrap {
  if (customers === null || now.kind === 'all') return { kind: 'all' };
  const listed = now.kind === 'customers' ? now.customers : [];
  return { kind: 'customers', customers: [...new Set([...listed, ...customers])].sort() };
}
