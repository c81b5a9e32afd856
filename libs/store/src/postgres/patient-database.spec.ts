import { InvalidInput, RetryableError } from '@perennial/values';
import { aCommit, FakeDatabase } from '@perennial/testing';
import { createEngineStore } from '../session/engine-store';
import type { Database } from './database';

const refusedWith = (code: string): Error => new InvalidInput(code, 'certificate has expired');

/** A store whose database refuses from the moment the test says so. */
function aStore() {
  const fake = new FakeDatabase();
  const refusal: { error: Error | null } = { error: null };
  const unlessRefused = <T>(work: () => Promise<T>): Promise<T> =>
    refusal.error === null ? work() : Promise.reject(refusal.error);
  const database: Database = {
    query: (bound) => unlessRefused(() => fake.query(bound)),
    transaction: (all) => unlessRefused(() => fake.transaction(all)),
    cold: fake.cold,
    ping: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  const options = { random: () => 0, wait: () => Promise.resolve() };
  return { store: createEngineStore(database, options), refusal };
}

describe('a session whose database refuses what another configuration would mend', () => {
  it('waits as in an outage, and goes on once it is mended', async () => {
    const { store, refusal } = aStore();
    const session = await store.claim(0, 'a');
    refusal.error = refusedWith('STORE.MISCONFIGURED');
    await expect(session.commit(aCommit(session.claim))).rejects.toBeInstanceOf(RetryableError);
    await expect(session.load(['acme:x'])).rejects.toBeInstanceOf(RetryableError);
    await expect(session.renew()).rejects.toBeInstanceOf(RetryableError);
    refusal.error = null;
    expect(await session.commit(aCommit(session.claim))).toBe('committed');
  });

  it('does not wait for what no configuration mends', async () => {
    const { store, refusal } = aStore();
    const session = await store.claim(0, 'a');
    refusal.error = refusedWith('STORE.SCHEMA_TOO_NEW');
    await expect(session.renew()).rejects.toBe(refusal.error);
  });
});
