import type { TenantId } from '@perennial/contracts';
import { writeKeyOf } from './http/write-key-of';
import { WriteKeys } from './write-keys';

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

describe('writeKeyOf', () => {
  it.each([
    [basic('key:'), 'key'],
    [basic('key:password:with:colons'), 'key'],
    [basic('key'), 'key'],
    [`basic  ${basic('key:').slice(6)}`, 'key'],
    ['Bearer key', 'key'],
    ['bearer key', 'key'],
  ])('reads %s', (authorization, key) => {
    expect(writeKeyOf({ authorization })).toBe(key);
  });

  it.each(['', 'key', 'Digest key', basic(':password'), 'Basic', 'Bearer'])('finds no key in %j', (authorization) => {
    expect(writeKeyOf({ authorization })).toBe('');
  });

  it('tells no header from a bad one', () => {
    expect(writeKeyOf({})).toBeNull();
  });
});

describe('WriteKeys', () => {
  const keys = new WriteKeys(new Map([['a-key', 'shop' as TenantId]]));

  it('knows the tenant of a key, and no other key', () => {
    expect(keys.tenantOf('a-key')).toBe('shop');
    for (const other of ['', 'a-ke', 'a-key ', 'A-key', '__proto__']) expect(keys.tenantOf(other)).toBeNull();
  });

  it('does not keep the keys themselves', () => {
    expect(JSON.stringify(Object.entries(keys))).not.toContain('a-key');
  });
});
