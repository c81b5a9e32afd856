import type { TenantId } from '@perennial/values';
import { hashWriteKey } from '@perennial/store';
import { writeKeyOf, WriteKeys } from './write-keys';

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
  const ofFile = new Map([['a-key', 'shop' as TenantId]]);
  const inForce = (key: string, tenant: string) => ({ hash: hashWriteKey(key), tenant: tenant as TenantId });

  it('knows the tenant of a key, and no other key', () => {
    const keys = new WriteKeys(ofFile, 'none');
    expect(keys.tenantOf('a-key')).toBe('shop');
    for (const other of ['', 'a-ke', 'a-key ', 'A-key', '__proto__']) expect(keys.tenantOf(other)).toBeNull();
    expect(keys.complete).toBe(true);
  });

  it('unites the keys of the file with those of the database, which are replaced as a whole', () => {
    const keys = new WriteKeys(ofFile, 'awaited');
    expect(keys.complete).toBe(false);
    keys.replace([inForce('b-key', 'bolt'), inForce('c-key', 'shop')]);
    expect(keys.complete).toBe(true);
    expect(['a-key', 'b-key', 'c-key'].map((key) => keys.tenantOf(key))).toEqual(['shop', 'bolt', 'shop']);
    keys.replace([inForce('c-key', 'shop')]);
    expect(['a-key', 'b-key', 'c-key'].map((key) => keys.tenantOf(key))).toEqual(['shop', null, 'shop']);
  });

  it('does not take the hash of a key for the key', () => {
    const keys = new WriteKeys(new Map(), 'awaited');
    keys.replace([inForce('b-key', 'bolt')]);
    for (const form of ['hex', 'base64', 'base64url', 'latin1'] as const)
      expect(keys.tenantOf(hashWriteKey('b-key').toString(form))).toBeNull();
  });

  it('does not keep the keys themselves', () => {
    expect(JSON.stringify(Object.entries(new WriteKeys(ofFile, 'none')))).not.toContain('a-key');
  });
});
