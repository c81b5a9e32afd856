import { addTotals } from './sql/add-totals';
import { advanceProgress } from './sql/advance-progress';
import { claimPartition } from './sql/claim-partition';
import { findDue } from './sql/find-due';
import { findEarliest } from './sql/find-earliest';
import { loadStates } from './sql/load-states';
import { lockProgress } from './sql/lock-progress';
import { readArmed } from './sql/read-armed';
import { readOutbox } from './sql/read-outbox';
import { readProgress } from './sql/read-progress';
import { readTenants } from './sql/read-tenants';
import { releaseClaim } from './sql/release-claim';
import { removeDeadlines } from './sql/remove-deadlines';
import { removeOutbox } from './sql/remove-outbox';
import { renewClaim } from './sql/renew-claim';
import { appendStateLog, readStateLog, removeStateLog } from './sql/state-log';
import { forgetCommands, readClocks, readCommands, writeClocks, writeCommands } from './sql/used-numbers';
import { writeDeadlines } from './sql/write-deadlines';
import { writeOutbox } from './sql/write-outbox';
import { writeStates } from './sql/write-states';
import { writeDefinitions, writeTenantClocks, writeTenants } from './sql/write-tenants';
import type { Statement } from './statement';

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
