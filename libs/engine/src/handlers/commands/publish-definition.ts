import type { Poison } from '@perennial/contracts';
import { isPlan } from '../../tenants/plans';
import type { CommandRule } from './rule';

/** A text that was published before changes nothing, whoever publishes it again. */
export const publishDefinition: CommandRule<'perennial.command.publish-definition.v1'> = (
  { tenant: id, source, author, reason },
  { tenants, appendedAt },
) => {
  const tenant = tenants.get(id);
  if (tenant.state.definitions.some((published) => published.source === source)) return null;
  const plan = tenants.plans.of(source);
  if (!isPlan(plan)) return refused(`the definition does not compile: ${plan.slice(0, 3).join('; ')}`);
  const newest = tenant.plans.newest?.definition;
  const { name, version } = plan.definition;
  if (newest !== undefined && (newest.name !== name || version <= newest.version)) {
    return refused(
      `${name} version ${version} cannot follow ${newest.name} version ${newest.version}: keep the name and raise the version`,
    );
  }
  tenants.publish(tenant, {
    source,
    author: author ?? null,
    reason: reason ?? null,
    publishedAt: appendedAt,
  });
  return null;
};

const refused = (detail: string): Poison => ({
  kind: 'poison',
  cause: 'invalid-definition',
  detail: detail.slice(0, 300),
});
