export { aBatch, byCustomer, type EngineRun, readThrough, signing, WrittenLog } from './engine-run';
export {
  ACME,
  aCommit,
  aDeadline,
  aDefinition,
  aState,
  aStoreWith,
  aTenant,
  BOLT,
  type CommitChange,
  type StoreUnderTest,
} from './engine-store-builders';
export { describeEngineStore } from './engine-store-contract';
export { type DatabaseFault, FakeDatabase } from './fake-database/fake-database';
export { fakeStore } from './fake-database/fake-store';
export { ImportWorld, Killed, pastOf } from './import-world';
export { describeImportStatuses, fakeImportStatuses } from './import-statuses';
export { describeLog } from './log-contract/describe-log';
export { expectJoined, LogBench, numbered, record, until } from './log-contract/log-bench';
export { gate, Recorder, valueText } from './log-contract/recorder';
export { mobileLinesCsv } from './mobile-lines';
export { mutatedDefinition } from './mutated-definition';
export { Chance } from './simulation/chance';
export type { Ports } from './simulation/equip';
export { runSimulation, type Simulated, type SimulationOptions } from './simulation/run-simulation';
export type { Sabotage } from './simulation/sabotage';
export { emptyDatabase, type FreshDatabase, freshDatabase } from './store-database';
export { describeStoreModel, type ModelledStore } from './store-model/describe-store-model';
export { type Direction, type Interruption, startStoreProxy, type StoreProxy } from './store-proxy';
export {
  NaiveLifecycle,
  type NaiveDefinition,
  type NaiveInput,
  type NaiveRegion,
  type NaiveSignal,
  type NaiveState,
} from './naive-lifecycle';
export {
  nestedDefinition,
  nestedHistory,
  type NestedInput,
  type NestedOptions,
  type NestedState,
} from './nested-definition';
export { silentObserver } from './silent-observer';
export { at, definitionOf, Story } from './story';
