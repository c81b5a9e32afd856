export { byCustomer, type EngineRun, readThrough, signing, WrittenLog } from './engine-run';
export {
  ACME,
  aCommit,
  aDeadline,
  aState,
  aTenant,
  BOLT,
  type CommitChange,
  type StoreUnderTest,
} from './engine-store-builders';
export { describeEngineStore } from './engine-store-contract';
export {
  inMemoryStore,
  type InMemoryStore,
  type StoreCall,
  type StoredPartition,
  type StoreFault,
} from './in-memory-store';
export type { Ports } from './simulation/equip';
export { runSimulation, type Simulated, type SimulationOptions } from './simulation/run-simulation';
export type { Sabotage } from './simulation/sabotage';
export { emptyDatabase, type FreshDatabase, freshDatabase } from './store-database';
export { type Direction, type Interruption, startStoreProxy, type StoreProxy } from './store-proxy';
export {
  NaiveLifecycle,
  type NaiveDefinition,
  type NaiveInput,
  type NaiveRegion,
  type NaiveSignal,
  type NaiveState,
} from './naive-lifecycle';
export { silentObserver } from './silent-observer';
export { at, definitionOf, Story } from './story';
