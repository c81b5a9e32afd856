/**
 * Client libraries from npm, used as their users do, send through a collector that is stopped and started again.
 * docs/collector.md, "Clients", shows their code.
 */
import { ClientProcess, endClients } from './client-process';
import { EVENTS, expectEachOnce, expectRefused, FEW } from './expectations';
import { KEY, RestartedCollector } from './restarted-collector';

const CLIENTS: readonly (readonly [string, readonly string[]])[] = [
  ['@segment/analytics-node', ['analytics-node.js']],
  ['@segment/analytics-next, one event a request', ['analytics-next.js', 'standard']],
  ['@segment/analytics-next, in batches', ['analytics-next.js', 'batching']],
  ['cloudevents, binary and structured', ['cloudevents.js']],
];

let collector: RestartedCollector;
beforeEach(async () => {
  collector = await RestartedCollector.create();
});
afterEach(async () => {
  endClients();
  await collector.remove();
});

it.each(CLIENTS)('%s: each event stands once in the log, and the client knows that it is taken', (_name, program) =>
  expectEachOnce(collector, new ClientProcess(program, { url: collector.url, key: KEY, events: EVENTS })),
);

it.each(CLIENTS)('%s: with a wrong key, the client says so and nothing is taken', (_name, program) => {
  const client = new ClientProcess(program, { url: collector.url, key: 'not-a-key', events: FEW });
  return expectRefused(collector, client, '401');
});

it('@segment/analytics-next in a page of an origin that is not listed: nothing is taken', () => {
  const sending = { url: collector.url, key: KEY, events: FEW };
  const elsewhere = { PAGE_ORIGIN: 'http://elsewhere.example.org', TRIES: '1' };
  const client = new ClientProcess(['analytics-next.js', 'standard'], sending, elsewhere);
  return expectRefused(collector, client, 'no answer that the page may read');
});
