import type { CommandRule } from './rule';

/** Replaces the time source; customers and their deadlines stay as they are. */
export const setTimeSource: CommandRule<'perennial.command.set-time-source.v1'> = ({ tenant, source }, { tenants }) => {
  tenants.set(tenants.get(tenant), { source });
  return null;
};
