import type { CommandRule } from './rule';

export const setTimeSource: CommandRule<'perennial.command.set-time-source.v1'> = ({ tenant, source }, { tenants }) => {
  tenants.set(tenants.get(tenant), { source });
  return null;
};
