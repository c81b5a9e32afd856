import { pageOrigins, webhookOrigins } from './allowed-senders';

type List = typeof pageOrigins;
const read = (list: List, text: string) => list.parse(text);
function problems(list: List, text: string): readonly string[] {
  const { error } = list.safeParse(text);
  return error?.issues.map(({ message }) => message) ?? [];
}

describe('origins of pages', () => {
  it.each([
    'https://shop.example.org',
    'https://shop.example.org:8443',
    'http://localhost:3000',
    'http://[::1]:3000',
    'https://xn--bcher-kva.example',
    'capacitor://localhost',
    'chrome-extension://abcdefghijklmnop',
  ])('%s is one', (origin) => {
    expect(read(pageOrigins, origin)).toEqual(new Set([origin]));
  });

  it('are joined by commas; * alone is any', () => {
    expect(read(pageOrigins, 'https://a.example, http://b.example')).toEqual(
      new Set(['https://a.example', 'http://b.example']),
    );
    expect(read(pageOrigins, '*')).toBe('any');
  });

  it.each([
    ['https://shop.example.org/', 'expected the origin alone, as browsers send it: https://shop.example.org'],
    ['https://shop.example.org/cart?x=1', 'as browsers send it: https://shop.example.org'],
    ['https://shop.example.org:443', 'as browsers send it: https://shop.example.org'],
    ['HTTPS://Shop.Example.org', 'as browsers send it: https://shop.example.org'],
    ['https://bücher.example', 'as browsers send it: https://xn--bcher-kva.example'],
    ['https://user@shop.example.org', 'as browsers send it: https://shop.example.org'],
    ['shop.example.org', 'unless it is that of the scheme: https://shop.example.org'],
    ['Capacitor://localhost', 'expected scheme and host'],
    ['https://', 'expected scheme and host'],
    ['null', 'is what pages without an origin send'],
    ['https://*.example.org', 'patterns are not known: list each by itself'],
    ['*,https://a.example', 'entry 1, "*": allows all, and stands alone'],
    ['https://a.example,', 'entry 2, "": is empty: leave out the comma'],
    [`https://${'a'.repeat(300)}`, 'is longer than 300 characters'],
  ])('%s is none, and the message says what to write', (text, message) => {
    expect(problems(pageOrigins, text)).toEqual([expect.stringContaining(message)]);
  });

  it('are 1,000 at most', () => {
    const list = (count: number): string => Array.from({ length: count }, (_, n) => `https://s${n}.example`).join();
    expect(read(pageOrigins, list(1_000))).toHaveProperty('size', 1_000);
    expect(problems(pageOrigins, list(1_001))).toEqual(['expected at most 1000 entries, found 1001']);
  });

  it('that are wrong are each told, cut short, and the list is not shown beside them', () => {
    const told = problems(pageOrigins, `https://a.example/,ftp,${'x'.repeat(20_000)}`);
    expect(told).toHaveLength(3);
    expect(told.join('').length).toBeLessThan(700);
  });
});

describe('senders of webhooks', () => {
  it('are DNS names', () => {
    expect(read(webhookOrigins, 'eventgrid.azure.net,emitter')).toEqual(new Set(['eventgrid.azure.net', 'emitter']));
    expect(read(webhookOrigins, '*')).toBe('any');
  });

  it.each(['https://eventgrid.azure.net', 'EventGrid.azure.net', 'a..b', 'a b'])('%s is none', (text) => {
    expect(problems(webhookOrigins, text)).toEqual([expect.stringContaining('expected a DNS name in small letters')]);
  });
});
