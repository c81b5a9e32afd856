import { formatInstant, type TenantId } from '@perennial/values';
import type { ImportStatus } from '@perennial/importer';
import type { Connection } from '../connection';
import { asArgument } from '../definition/without-definition';
import { number } from '../import/describe-found';
import { type Finding, findingsOf, ok, todo } from './finding';

type Unfinished = ImportStatus & { readonly name: string };

/** Imports that have begun and are not done: while one runs that is as it should be, else its tenant waits for ever. */
export function checkImports(
  connection: Pick<Connection, 'imports' | 'reports' | 'tenants'>,
): Promise<readonly Finding[]> {
  return findingsOf('imports', 'Look at the database first.', async () => {
    const known = await connection.reports.tenants();
    const created = (await connection.tenants.all()).map(({ name }) => name);
    const tenants = [...new Set([...created, ...known.map(({ state }) => state.tenant)])].sort();
    const waiting = new Set(
      known.filter(({ state }) => state.bootstrap.kind === 'all').map(({ state }) => state.tenant),
    );
    const unfinished = await Promise.all(tenants.map((tenant) => connection.imports.unfinished(tenant)));
    const findings = unfinished.flat().map((one) => findingOf(one, waiting));
    return findings.length === 0 ? [ok('imports', 'none is unfinished')] : findings;
  });
}

function findingOf(one: Unfinished, waiting: ReadonlySet<TenantId>): Finding {
  const { name, tenant, input } = one;
  const meaning = waiting.has(tenant)
    ? '; until it is, no deadline of the tenant fires by itself, and facts are marked history'
    : '';
  return todo(
    'imports',
    `${name} of ${input} into tenant ${tenant}${begun(one)} is not done: ${standing(one)}${meaning}`,
    `Unless it runs now: ${remedy(one)}`,
  );
}

const begun = ({ startedBy, startedAt }: Unfinished): string =>
  startedBy === null || startedAt === null ? '' : ` (begun by ${startedBy} at ${formatInstant(startedAt)})`;

const standing = ({ phase, acknowledged, total }: Unfinished): string =>
  phase === 'prepare'
    ? 'no activity was sent yet (phase prepare)'
    : `${number(acknowledged)} of ${number(total)} activities are in the log (phase ${phase})`;

const remedy = ({ name, ending }: Unfinished): string =>
  ending === 'held'
    ? 'npm start goes on where it was.'
    : `type its command again, which goes on where it was, or give it up: perennial import --name ${asArgument(name)} --give-up`;
