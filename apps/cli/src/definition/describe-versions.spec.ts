import { DEFAULT_TENANT, type TenantId } from '@perennial/values';
import type { PublishedDefinition } from '@perennial/engine';
import type { Reports, Tenants } from '@perennial/store';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '@perennial/dev-stack';
import { describeDefinitions, describePublished, describeVersion, versionJson, whoIsWhere } from './describe-versions';
import { definitionsOf, findVersion } from './versions';

const retail = readFileSync(join(repository, 'libs/definition/templates/retail.yaml'), 'utf8');
const next = retail.replace('version: 1', 'version: 2');
const acme = 'acme' as TenantId;
const old: PublishedDefinition = { source: retail, author: null, reason: null, publishedAt: null };
const newer: PublishedDefinition = {
  source: next,
  author: 'ann',
  reason: 'quiet sooner',
  publishedAt: Date.UTC(2026, 0, 2),
};

/** What a tenant has in a partition. */
const row = (partition: number, tenant: TenantId, ...definitions: readonly PublishedDefinition[]) => ({
  partition,
  tenant,
  definitions,
});
function connected(...rows: readonly ReturnType<typeof row>[]) {
  const all = rows.flatMap(({ partition, tenant, definitions }) =>
    definitions.map((definition, place) => ({ partition, tenant, place, ...definition })),
  );
  return {
    partitions: 2,
    published: {
      of: (only: TenantId | null) => Promise.resolve(all.filter(({ tenant }) => only === null || tenant === only)),
    },
    reports: {
      tenants: () => Promise.resolve(rows.map((state) => ({ state }))),
      customersByVersion: () => Promise.resolve(new Map([[1, 4_200]])),
    } as unknown as Reports,
    tenants: { all: () => Promise.resolve([{ name: DEFAULT_TENANT }]) } as unknown as Tenants,
  };
}
const shop = connected(row(0, DEFAULT_TENANT, old, newer), row(1, DEFAULT_TENANT, old), row(1, acme));

describe('what is in service', () => {
  it('is a table of versions, newest first, and the command to type where there is none', async () => {
    expect((await definitionsOf(shop, null)).flatMap(describeDefinitions)).toEqual([
      'tenant acme: no definition yet. Put one into service: perennial definition publish FILE --reason TEXT --tenant acme',
      'tenant default: retail, version 2 is in service',
      '  version  customers  published                 by   why',
      '  2        0          2026-01-02T00:00:00.000Z  ann  quiet sooner  (in 1 of 2 partitions)',
      '  1        4,200      - (not kept)              -    -',
    ]);
  });

  it('is shown with who, when, why, and the customers of both versions', async () => {
    const { found, of } = await findVersion(shop, 'retail', DEFAULT_TENANT);
    expect(describeVersion(found, of)).toEqual([
      'retail version 2 of tenant default, in service',
      'published  2026-01-02T00:00:00.000Z',
      'by         ann',
      'why        quiet sooner',
      'customers  4,200 customers stay in version 1; new ones enter version 2.',
      'partitions 1 of 2 have taken it so far',
    ]);
    expect(versionJson(found, of)).toEqual({
      tenant: 'default',
      name: 'retail',
      version: 2,
      inService: true,
      customers: 0,
      author: 'ann',
      reason: 'quiet sooner',
      publishedAt: '2026-01-02T00:00:00.000Z',
      partitions: { taken: 1, of: 2 },
    });
  });

  it('is found by name and version', async () => {
    const { found, of } = await findVersion(shop, 'retail@1', DEFAULT_TENANT);
    expect([found.source, describeVersion(found, of)[0]]).toEqual([
      retail,
      'retail version 1 of tenant default, followed by version 2',
    ]);
  });

  it.each([
    ['retail@7', DEFAULT_TENANT, 'Tenant default has no retail@7. There is: retail@1, retail@2.'],
    ['shop', DEFAULT_TENANT, 'Tenant default has no shop. There is: retail@1, retail@2.'],
    ['retail', acme, 'Tenant acme has no definition. Tenants that have one: default.'],
  ])('says what there is when there is no %s of tenant %s', async (named, tenant, message) => {
    await expect(findVersion(shop, named, tenant)).rejects.toThrow(message);
  });

  it('is nothing at all in the beginning: the command to type is said', async () => {
    const command = 'Put one into service: perennial definition publish FILE --reason TEXT';
    await expect(findVersion(connected(), 'retail', DEFAULT_TENANT)).rejects.toThrow(command);
    expect((await definitionsOf(connected(), null)).flatMap(describeDefinitions)).toEqual([
      `tenant default: no definition yet. ${command}`,
    ]);
  });
});

describe('a publication', () => {
  const published = { tenant: DEFAULT_TENANT, name: 'retail', version: 4, result: 'published', partitions: 6 } as const;

  it('is told with both numbers: who stays, and what new customers enter', () => {
    expect(describePublished({ ...published, customers: new Map([[3, 4_200]]) })).toBe(
      'retail version 4 is in service in 6 of 6 partitions. 4,200 customers stay in version 3; new ones enter version 4.',
    );
    expect(describePublished({ ...published, tenant: acme, result: 'in-service', customers: new Map() })).toBe(
      'retail version 4 is in service for tenant acme with this text already, in 6 of 6 partitions. No customers yet; new ones enter version 4.',
    );
  });

  it('counts customers of all versions', () => {
    expect(
      whoIsWhere(
        3,
        new Map([
          [1, 1],
          [3, 2],
          [2, 1_000],
        ]),
      ),
    ).toBe(
      // prettier-ignore
      '1,000 customers stay in version 2, 1 customer stays in version 1, 2 customers are in version 3; new ones enter version 3.',
    );
  });
});
