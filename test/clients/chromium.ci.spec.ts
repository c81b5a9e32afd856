/** @segment/analytics-next in a real browser, whose CORS no library stands in for; part of `npm run test:ci`. */
import { ClientProcess, endClients } from './client-process';
import { EVENTS, expectEachOnce, expectRefused, FEW } from './expectations';
import { KEY, RestartedCollector } from './restarted-collector';

let collector: RestartedCollector;
beforeEach(async () => {
  collector = await RestartedCollector.create();
});
afterEach(async () => {
  endClients();
  await collector.remove();
});

it.each(['standard', 'batching'])(
  'Chromium, %s: each event stands once in the log, and the page knows it',
  (delivery) =>
    expectEachOnce(
      collector,
      new ClientProcess(['chromium.js', delivery], { url: collector.url, key: KEY, events: EVENTS }),
    ),
);

it('Chromium with a wrong key: the page reads the refusal', () =>
  expectRefused(
    collector,
    new ClientProcess(['chromium.js', 'standard'], { url: collector.url, key: 'not-a-key', events: FEW }),
    '401',
  ));

it('Chromium in a page of an origin that is not listed: nothing is taken', () => {
  const elsewhere = { PAGE_ORIGIN: 'http://elsewhere.example.org', TRIES: '1' };
  const sending = { url: collector.url, key: KEY, events: FEW };
  const client = new ClientProcess(['chromium.js', 'standard'], sending, elsewhere);
  return expectRefused(collector, client, 'no answer that the page may read');
});
