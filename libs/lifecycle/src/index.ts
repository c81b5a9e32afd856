export { Chart, type Configuration, type Step, type Timer } from './chart';
export { type Deadline, type DeadlineKind, nextDeadline } from './deadline';
export { decide, type Decision, type Input, type Outcome, type Question } from './decide';
export { definitionOf, packState, unpackState } from './pack/pack-state';
export { createPlan, type Plan } from './plan';
export { Replay, type ReplayOptions, type ReplaySummary } from './replay';
export type { CustomerState, LastMove, RegionState } from './state';
export { type CustomerView, view } from './view';
