/** Progress is the reader's position (docs/adr/0022): it moves over offsets without records, and never over lost ones. */
import { type LogBatch } from '@perennial/contracts';
import { DEFAULT_TENANT } from '@perennial/values';
import { aBatch, FakeDatabase, fakeStore, silentObserver, WrittenLog } from '@perennial/testing';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createEngine } from './create-engine';

const source = readFileSync(join(__dirname, '../../definition/templates/retail.yaml'), 'utf8');
const log = new WrittenLog(0, Date.UTC(2026, 0, 1))
  .command({ type: 'perennial.command.publish-definition.v1', tenant: DEFAULT_TENANT, source })
  .activity('c1', 'Order Completed', '2025-12-31T00:00:00Z');

/** What is stored once the batches were received and the engine was stopped, and why the partition stopped. */
async function after(...batches: readonly LogBatch[]) {
  const database = new FakeDatabase();
  const stops: string[] = [];
  const lags: number[] = [];
  const engine = createEngine({
    owner: 'a',
    key: new TextEncoder().encode('a key for tests'),
    partitions: 1,
    store: fakeStore(database),
    publisher: { publish: () => Promise.resolve() },
    flow: { pause: () => undefined, resume: () => undefined, seek: () => undefined, halt: () => undefined },
    time: { now: Date.now, monotonic: () => performance.now(), after: () => () => undefined },
    observer: silentObserver({
      lag: (_, { records }) => lags.push(records),
      stopped: (_, reason) => stops.push(reason),
    }),
  });
  await engine.claim([0]);
  for (const batch of batches) {
    engine.receive(batch);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await engine.stop();
  return { next: database.partition(0).nextOffset, stops, lags };
}

describe('progress', () => {
  it('moves over a marker behind the last record, in the same commit', async () => {
    const { next, lags } = await after(aBatch(0, log.records, { nextOffset: 3 }));
    expect(next).toBe(3);
    expect(lags).toEqual([0]);
  });

  it('moves over a marker that comes alone', async () => {
    const { next, lags } = await after(
      aBatch(0, log.records),
      aBatch(0, [], { fromOffset: 2, nextOffset: 3 }),
      aBatch(0, [], { fromOffset: 3, nextOffset: 5 }),
    );
    expect(next).toBe(5);
    expect(lags.at(-1)).toBe(0);
  });

  it('does not move over records that never came: the partition stops and says which', async () => {
    const { next, stops } = await after(aBatch(0, log.records), aBatch(0, [], { fromOffset: 4, nextOffset: 5 }));
    expect(next).toBe(2);
    expect(stops).toEqual([expect.stringContaining('from offset 4 on where 2 was next')]);
  });
});
