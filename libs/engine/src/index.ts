export type {
  Bootstrap,
  ClockPosition,
  EngineChange,
  EngineClaim,
  EngineCommit,
  EngineSession,
  EngineStore,
  PublishedDefinition,
  TenantChange,
  TenantState,
  UsedNumberChange,
  UsedNumberState,
} from './control-state';
export type { TotalChange } from './counters';
export { createEngine, type Engine, type EngineOptions } from './create-engine';
export { DEFAULT_LIMITS, type Limits } from './limits';
export { type EngineObserver, OUTCOMES, type OutcomeName } from './observer';
export { decodeOutbox } from './outbox/read-outbox';
export { Signing } from './signing';
export { Plans } from './tenants/plans';
export { tenantTime, timeReached } from './tenants/tenant-time';
