import { DEFAULT_TENANT } from '@perennial/values';
import { aBatch, FakeDatabase, fakeStore, silentObserver, WrittenLog } from '@perennial/testing';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createEngine } from './create-engine';

const source = readFileSync(join(__dirname, '../../definition/templates/retail.yaml'), 'utf8');

describe('an owner that is fenced while the partition is still its own', () => {
  it('claims it again and goes on from what is stored (assignment.ts, invariant 3)', async () => {
    const log = new WrittenLog(0, Date.UTC(2026, 0, 1))
      .command({ type: 'perennial.command.publish-definition.v1', tenant: DEFAULT_TENANT, source })
      .activity('c1', 'Order Completed', '2025-12-31T00:00:00Z');
    const database = new FakeDatabase();
    const store = fakeStore(database);
    const seen: string[] = [];
    const from = (offset: number) => aBatch(0, log.records.slice(offset));
    const processed = new Promise<void>((resolve) => {
      const engine = createEngine({
        owner: 'a',
        key: new TextEncoder().encode('a key for tests'),
        partitions: 1,
        store,
        publisher: { publish: () => Promise.resolve() },
        flow: {
          pause: () => seen.push('paused'),
          resume: () => seen.push('resumed'),
          seek: (_, offset) => {
            seen.push(`sought ${offset}`);
            engine.receive(from(offset));
          },
          halt: () => undefined,
        },
        time: { now: Date.now, monotonic: () => performance.now(), after: soon },
        observer: silentObserver({
          fenced: () => seen.push('fenced'),
          batch: () => {
            resolve();
          },
        }),
      });
      void engine
        .claim([0])
        .then(() => store.claim(0, 'somebody else'))
        .then(() => {
          engine.receive(from(0));
        });
    });
    await processed;
    expect(seen.slice(0, 5)).toEqual(['resumed', 'fenced', 'paused', 'sought 0', 'resumed']);
    expect(database.partition(0).nextOffset).toBe(2);
  });
});

function soon(_ms: number, call: () => void): () => void {
  const handle = setImmediate(call);
  return () => {
    clearImmediate(handle);
  };
}
