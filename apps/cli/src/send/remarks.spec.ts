import type { Activity } from '@perennial/contracts';
import type { CustomerId, JsonObject, TenantId } from '@perennial/values';
import type { PublishedDefinition } from '@perennial/engine';
import { remarksOn } from './remarks';

const shop = 'shop' as TenantId;
const source = [
  'kind: Lifecycle',
  'name: shop',
  'version: 3',
  'currency: GBP',
  'activity: [{ event: Order Completed, role: purchase, amount: event.properties.total, currency: event.properties.currency }]',
  'profile: { spend: { sum: purchase } }',
  'signals: { back: { on: purchase } }',
  'stages: { initial: a, states: { a: { on: { back: b } }, b: { on: { back: a } } } }',
].join('\n');
const definition: PublishedDefinition = { source, author: null, reason: null, publishedAt: null };
const connectionWith = (definitions: readonly PublishedDefinition[]) => ({
  published: { of: () => Promise.resolve(definitions) },
});

const sent = (event: string, properties: JsonObject): Activity => ({
  ...{ id: 'o1', customer: 'c1' as CustomerId, type: 'track', at: 0 },
  ...{ event, properties },
});
const remarks = (event: string, properties: JsonObject, definitions = [definition]) =>
  remarksOn(connectionWith(definitions), shop, sent(event, properties));

describe('a sender is told', () => {
  it('nothing of an activity that has its full effect', async () => {
    expect(await remarks('Order Completed', { total: '25.00', currency: 'GBP' })).toEqual([]);
  });

  it('that no row matches, and which event was perhaps meant', async () => {
    expect(await remarks('Order Complete', {})).toEqual([
      'No row of shop version 3 matches it, so it is counted and has no effect. Did you mean "Order Completed"?',
    ]);
  });

  it.each([
    [{}, 'it states no amount'],
    [{ total: 'much' }, 'it is no exact decimal, or no whole number where the row takes a quantity'],
    [{ total: '-1' }, 'it has another sign than the row says'],
    [{ total: '1', currency: 'EUR' }, 'it is in another currency than GBP'],
  ])('that the amount of %j does not count', async (properties, why) => {
    expect(await remarks('Order Completed', properties)).toEqual([
      `For shop version 3 it is a purchase without its amount: ${why}.`,
    ]);
  });

  it('that the tenant has no definition, and what to type', async () => {
    expect((await remarks('Order Completed', {}, [])).join('\n')).toContain('definition publish FILE --reason TEXT');
  });
});
