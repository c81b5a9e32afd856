/**
 * Client libraries as their users have them send 1,000 events to a collector that is stopped half way, and started
 * again when they have found that it is away. docs/collector.md, "Clients", shows their code.
 */
import { ClientProcess, endClients } from './client-process';
import { deliveriesIn } from './deliveries';
import { KEY, RestartedCollector } from './restarted-collector';

const CLIENTS: readonly (readonly [string, readonly string[]])[] = [
  ['@segment/analytics-node', ['analytics-node.js']],
  ['@segment/analytics-next, one event a request', ['analytics-next.js', 'standard']],
  ['@segment/analytics-next, in batches', ['analytics-next.js', 'batching']],
  ['cloudevents, binary and structured', ['cloudevents.js']],
];
const EVENTS = 1_000;
/** Two of the smallest requests that a library sends at once. */
const FEW = 30;
const NUMBERS = Array.from({ length: EVENTS }, (_, number) => number);
const ascending = (numbers: Iterable<number>): number[] => [...numbers].sort((a, b) => a - b);

let collector: RestartedCollector;
beforeEach(async () => {
  collector = await RestartedCollector.create();
});
afterEach(async () => {
  endClients();
  await collector.remove();
});

it.each(CLIENTS)(
  '%s: each event stands once in the log, and the client knows that it is taken',
  async (_name, program) => {
    const client = new ClientProcess(program, { url: collector.url, key: KEY, events: EVENTS });
    await client.half();
    await collector.stop();
    client.goOn();
    await collector.knocked();
    await collector.start();
    const { taken, refused } = await client.report();
    expect(refused).toEqual([]);
    expect(ascending(taken)).toEqual(NUMBERS);
    const deliveries = await deliveriesIn(collector.installation);
    expect(ascending(deliveries.keys())).toEqual(NUMBERS);
    expect([...deliveries].filter(([, ids]) => ids.length > 1)).toEqual([]);
  },
);

it.each(CLIENTS)('%s: with a wrong key, the client says so and nothing is taken', async (_name, program) => {
  const client = new ClientProcess(program, { url: collector.url, key: 'not-a-key', events: FEW });
  await client.half();
  client.goOn();
  const { taken, refused } = await client.report();
  expect(taken).toEqual([]);
  const told = refused.toSorted((a, b) => a.number - b.number);
  expect(told).toEqual(
    NUMBERS.slice(0, FEW).map((number) => ({ number, reason: expect.stringContaining('401') as string })),
  );
  expect(await deliveriesIn(collector.installation)).toEqual(new Map());
});

it('@segment/analytics-next in a page of an origin that is not listed: nothing is taken', async () => {
  const sending = { url: collector.url, key: KEY, events: FEW };
  const elsewhere = { PAGE_ORIGIN: 'http://elsewhere.example.org', TRIES: '1' };
  const client = new ClientProcess(['analytics-next.js', 'standard'], sending, elsewhere);
  await client.half();
  client.goOn();
  const { taken, refused } = await client.report();
  expect(taken).toEqual([]);
  expect(refused.map(({ reason }) => reason)).toEqual(Array<string>(FEW).fill('no answer that the page may read'));
  expect(await deliveriesIn(collector.installation)).toEqual(new Map());
});
