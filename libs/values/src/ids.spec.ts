import { customerId, parseKey, tenantId } from './ids';

describe('ids', () => {
  it.each([
    ['acme:c1', { tenant: 'acme', customer: 'c1' }],
    ['c1', { tenant: 'default', customer: 'c1' }],
    ['acme:a:b', { tenant: 'acme', customer: 'a:b' }],
    [`${'t'.repeat(64)}:${'c'.repeat(256)}`, { tenant: 't'.repeat(64), customer: 'c'.repeat(256) }],
  ])('of key %s are %j', (key, parts) => {
    expect(parseKey(key)).toEqual(parts);
  });

  it.each(['', ':', ':c1', 'acme:', `${'t'.repeat(65)}:c1`, 'c'.repeat(257), 'a\0:c1', 'acme:c\0', 'acme:\ud800'])(
    'are not in key %j',
    (key) => {
      expect(parseKey(key)).toBeNull();
    },
  );

  it('of tenants have no colon, since it ends them in a key', () => {
    expect(tenantId('a:b')).toBeNull();
    expect(tenantId('acme')).toBe('acme');
    expect(customerId('a:b')).toBe('a:b');
  });
});
