export { activeStates, Chart, type Configuration, readAfter, type Step, type Timer } from './chart';
export { type Deadline, type DeadlineKind, nextDeadline, pendingDeadlines } from './deadline';
export { decide, decideInPlace, type Decision, type Input, type Outcome, type Question } from './decide';
export { definitionOf, packState, unpackState, writeState } from './pack/pack-state';
export { createPlan, type OnStep, type Plan } from './plan';
export { Replay, type ReplayOptions } from './replay';
export { type ReplaySummary, sumOf, type ViewCounts } from './replay-summary';
export type { CustomerState, LastMove, RegionState } from './state';
export { type CustomerView, view } from './view';
