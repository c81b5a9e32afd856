import { DEFAULT_TENANT, type TenantId } from '@perennial/values';
import type { Reports, Tenants } from '@perennial/store';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '@perennial/dev-stack';
import { checkDefinitions } from './check-definitions';

const retail = readFileSync(join(repository, 'libs/definition/templates/retail.yaml'), 'utf8');
const acme = 'acme & sons' as TenantId;
const bolt = 'bolt' as TenantId;
/** Created, and not named by the log. */
const cork = 'cork' as TenantId;

/** What a tenant has in a partition. */
interface InPartition {
  readonly partition: number;
  readonly tenant: TenantId;
  readonly sources: readonly string[];
}
const row = (partition: number, tenant: TenantId, ...sources: readonly string[]): InPartition => ({
  partition,
  tenant,
  sources,
});

function look(rows: readonly InPartition[], created: readonly TenantId[] = []) {
  const definitions = rows.flatMap(({ sources, ...of }) =>
    sources.map((source, place) => ({ ...of, source, place, author: null, reason: null, publishedAt: null })),
  );
  return checkDefinitions({
    partitions: 2,
    published: { of: () => Promise.resolve(definitions) },
    reports: { tenants: () => Promise.resolve(rows.map((state) => ({ state }))) } as unknown as Reports,
    tenants: {
      all: () => Promise.resolve([DEFAULT_TENANT, ...created].map((name) => ({ name }))),
    } as unknown as Tenants,
  });
}

describe('the doctor', () => {
  it('says what to type while nothing is in service', async () => {
    expect(await look([])).toEqual([
      {
        check: 'definition',
        state: 'todo',
        found: 'tenant default has none: its activities are set aside as dead letters',
        remedy: 'perennial definition publish FILE --reason TEXT',
      },
    ]);
  });

  it('says it of tenants that are known and have none, and not of a default tenant that nobody uses', async () => {
    expect(await look([row(0, acme), row(0, bolt, retail), row(1, bolt, retail)], [cork])).toMatchObject([
      { state: 'ok', found: 'tenant bolt: retail version 1 in 2 of 2 partitions' },
      { state: 'todo', remedy: 'perennial definition publish FILE --reason TEXT --tenant "acme & sons"' },
      { state: 'todo', remedy: 'perennial definition publish FILE --reason TEXT --tenant cork' },
    ]);
  });

  it('notices a definition that not all partitions have', async () => {
    expect(await look([row(0, DEFAULT_TENANT, retail), row(1, DEFAULT_TENANT)])).toMatchObject([
      { state: 'todo', found: 'tenant default: retail version 1 is in 1 of 2 partitions so far' },
    ]);
  });

  it('notices partitions with different texts of one version', async () => {
    const other = retail.replace('P60D', 'P45D');
    expect(await look([row(0, DEFAULT_TENANT, retail), row(1, DEFAULT_TENANT, other)])).toMatchObject([
      { state: 'wrong', remedy: expect.stringContaining('as version 2') as string },
    ]);
  });
});
