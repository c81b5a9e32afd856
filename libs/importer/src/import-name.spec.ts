import type { TenantId } from '@perennial/values';
import { checkImportName, defaultImportName } from './import-name';

const subject = { input: '/data/orders.csv', map: null, zone: null, tenant: 'acme' as TenantId };

describe('the name of an import', () => {
  it('is the same for the same input, map, zone and tenant, and another for others', () => {
    expect(defaultImportName({ ...subject })).toBe(defaultImportName(subject));
    expect(defaultImportName(subject)).toMatch(/^import-[0-9a-f]{12}$/);
    const others = [{ input: '/data/other.csv' }, { map: 'id=a' }, { zone: 'id=a' }, { tenant: 'bolt' as TenantId }];
    const names = others.map((change) => defaultImportName({ ...subject, ...change }));
    expect(new Set([defaultImportName(subject), ...names]).size).toBe(5);
  });

  it('is one line of a bounded length', () => {
    expect(checkImportName('orders 2024')).toBe('orders 2024');
    for (const name of ['', ' orders', 'a\nb', 'x'.repeat(101)])
      expect(() => checkImportName(name)).toThrow(
        /^--name .*: 1 to 100 characters of one line|^--name is empty: 1 to 100/,
      );
  });
});
