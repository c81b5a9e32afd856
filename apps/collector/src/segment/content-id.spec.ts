import type { TenantId } from '@perennial/values';
import { canonical, contentId } from './prepare-message';

const shop = 'shop' as TenantId;
const message = { type: 'track', userId: 'c1', event: 'Order', properties: { total: 5, items: [{ a: 1, b: 2 }] } };

describe('contentId', () => {
  it('is the same however the fields are ordered and whenever the message is sent', () => {
    const again = { properties: { items: [{ b: 2, a: 1 }], total: 5 }, event: 'Order', userId: 'c1', type: 'track' };
    expect(contentId(shop, { ...again, sentAt: '2011-03-01T12:00:00Z' })).toBe(contentId(shop, message));
  });

  it('is fixed: ids in the log were made by it', () => {
    expect(contentId(shop, message)).toBe('sha256-u8T6WbveGjRP1vREcdrA77nZKuibjEFB_WQEMlFVGP4');
  });

  it('differs by tenant, by any field and by the order of a list', () => {
    const ids = [
      contentId(shop, message),
      contentId('other' as TenantId, message),
      contentId(shop, { ...message, timestamp: '2011-03-01T12:00:00Z' }),
      contentId(shop, { ...message, properties: { ...message.properties, total: '5' } }),
      contentId(shop, { ...message, list: [1, 2] }),
      contentId(shop, { ...message, list: [2, 1] }),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
});

it('canonical JSON reads back as the value', () => {
  const value = { b: ['x"', null, true], a: { 'ü\n': 1.5e300 }, '1': {} };
  expect(JSON.parse(canonical(value))).toEqual(value);
  expect(canonical(value)).toBe('{"1":{},"a":{"ü\\n":1.5e+300},"b":["x\\"",null,true]}');
});
