import type { EngineStore } from '@perennial/engine';
import { createEngineStore, type EngineStoreOptions } from '@perennial/store';
import { FakeDatabase } from './fake-database';

/** The engine's own store, over a database in memory. Nothing of it is due to chance, and it waits for nothing. */
export const fakeStore = (database = new FakeDatabase(), options: Partial<EngineStoreOptions> = {}): EngineStore =>
  createEngineStore(database, { random: () => 0, wait: () => Promise.resolve(), ...options });
