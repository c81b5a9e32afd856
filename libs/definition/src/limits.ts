import { MAX_DEFINITION_BYTES } from '@perennial/contracts';

/**
 * How large a definition may be, whoever compiles it. Each bound is checked before the work that it bounds, so that
 * compiling takes at most 2 s of processor time and little stack. docs/definitions.md states the numbers.
 */
export const LIMITS = {
  /** UTF-8 bytes of the source. */
  bytes: MAX_DEFINITION_BYTES,
  /** Words, marks and blanks of YAML. What is dense with them makes most work, and most mistakes, for its bytes. */
  tokens: 75_000,
  /** Lists and maps within each other; two of them for each state within a state. */
  nesting: 100,
  /** Problems that are listed; further ones are counted. */
  problems: 100,
  activityRows: 1_000,
  fields: 200,
  signals: 200,
  /** Ids that a customer remembers (`dedupe`): more would make every customer's state large. */
  recentIds: 256,
  /** Regions beside the stages. */
  regions: 20,
  /** States of all regions together. */
  states: 1_000,
  /** Innermost states that a customer is in at once, by parallel states: entering them takes XState time. */
  activeStates: 100,
  /** States directly within a region or a state. */
  statesWithin: 200,
  /** Targets of `on` and `after` of all regions together. */
  transitions: 5_000,
  /** Entries of one `on`. */
  signalsOfState: 200,
  /** Entries of one `after`. */
  delaysOfState: 50,
  views: 50,
  labelsOfView: 200,
  stagesOfLabel: 200,
  /** Characters of one CEL condition: its parser recurses, and nobody reads longer ones. */
  condition: 2_000,
  /** Operators, names and numbers of one condition. */
  conditionNodes: 500,
  /** Operators and brackets of a condition within each other. */
  conditionNesting: 50,
  /** Numbers of one `in [...]`. */
  conditionList: 100,
} as const;
