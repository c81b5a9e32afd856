import type { Statement } from '../postgres/statement';
import {
  forgetCommands,
  readClocks,
  readCommands,
  readTenants,
  writeClocks,
  writeCommands,
  writeDefinitions,
  writeTenantClocks,
  writeTenants,
} from './statements/control';
import { findDue, findEarliest, removeDeadlines, writeDeadlines } from './statements/deadlines';
import {
  addTotals,
  advanceProgress,
  claimPartition,
  lockProgress,
  readArmed,
  readOutbox,
  readProgress,
  releaseClaim,
  removeOutbox,
  renewClaim,
  writeOutbox,
} from './statements/progress';
import { appendStateLog, loadStates, readStateLog, removeStateLog, writeStates } from './statements/states';

/** What the engine's store asks of its database: a fake database answers these, and the compiler says when one is missing. */
export const HOT_STATEMENTS = {
  addTotals,
  advanceProgress,
  appendStateLog,
  claimPartition,
  findDue,
  findEarliest,
  forgetCommands,
  loadStates,
  lockProgress,
  readArmed,
  readClocks,
  readCommands,
  readOutbox,
  readProgress,
  readStateLog,
  readTenants,
  releaseClaim,
  removeDeadlines,
  removeOutbox,
  removeStateLog,
  renewClaim,
  writeClocks,
  writeCommands,
  writeDeadlines,
  writeDefinitions,
  writeOutbox,
  writeStates,
  writeTenantClocks,
  writeTenants,
} as const;

type HotStatements = typeof HOT_STATEMENTS;

/** For each hot statement, what answers it in place of the server. */
export type HotAnswers<Context> = {
  readonly [Name in keyof HotStatements]: HotStatements[Name] extends Statement<infer Values, infer Row>
    ? (context: Context, ...values: Values) => readonly Row[]
    : never;
};
