import { DEFAULT_TENANT } from '@perennial/values';
import { aBatch, aStoreWith, fakeStore, silentObserver, WrittenLog } from '@perennial/testing';
import { createEngine } from './create-engine';

/** An engine that meets a deadline of a customer it knows nothing of; tells what it said of that. */
async function meetsTheInexplicable(answer: 'held' | 'lost'): Promise<string> {
  const log = new WrittenLog(0, 0).clock({ scope: { kind: 'live' }, at: 1 });
  const store = aStoreWith(fakeStore(), () => ({
    due: () => Promise.resolve([{ key: `${DEFAULT_TENANT}:nobody`, due: 0 }]),
    renew: () => Promise.resolve(answer),
  }));
  return new Promise((resolve) => {
    const engine = createEngine({
      owner: 'a',
      key: new TextEncoder().encode('a key for tests'),
      partitions: 1,
      store,
      publisher: { publish: () => Promise.resolve() },
      flow: { pause: () => undefined, resume: () => undefined, seek: () => undefined, halt: () => undefined },
      time: { now: () => 0, monotonic: () => 0, after: () => () => undefined },
      observer: silentObserver({
        fenced: () => {
          resolve('fenced');
        },
        stopped: (_, reason) => {
          resolve(reason);
        },
      }),
    });
    void engine.claim([0]).then(() => {
      const records = log
        .command({ type: 'perennial.command.start-bootstrap.v1', tenant: DEFAULT_TENANT, customers: ['c1'] })
        .clock({ scope: { kind: 'live' }, at: 1 }).records;
      engine.receive(aBatch(0, records));
    });
  });
}

describe('an owner that meets what it cannot explain', () => {
  it('stands still and says so, if the partition is its own', async () => {
    expect(await meetsTheInexplicable('held')).toContain('a deadline but no state of default:nobody');
  });
  it('takes it for the work of the next owner, if the partition is not its own any more', async () => {
    expect(await meetsTheInexplicable('lost')).toBe('fenced');
  });
});
