import type { TotalChange, EngineCommit } from '@perennial/engine';
import type { DeadlineChange } from '@perennial/processor';
import { controlStatements } from './control-statements';
import { addTotals } from './sql/add-totals';
import { advanceProgress } from './sql/advance-progress';
import { removeDeadlines } from './sql/remove-deadlines';
import { removeOutbox } from './sql/remove-outbox';
import { appendStateLog } from './sql/state-log';
import { writeDeadlines } from './sql/write-deadlines';
import { writeOutbox } from './sql/write-outbox';
import { bind, type Bound } from './statement';

/** The statements of a micro-batch in their order, the fence first; none for what the micro-batch does not touch. */
export function commitStatements(partition: number, epoch: number, commit: EngineCommit): readonly Bound<unknown>[] {
  const { expectedOffset, nextOffset, states, outbox, publishedThrough } = commit;
  return [
    bind(advanceProgress, partition, epoch, expectedOffset, nextOffset),
    ...(states.length === 0 ? [] : [bind(appendStateLog, partition, expectedOffset, states.bytes)]),
    ...deadlines(partition, commit.deadlines),
    ...(publishedThrough === null ? [] : [bind(removeOutbox, partition, publishedThrough)]),
    ...(outbox === null ? [] : [bind(writeOutbox, partition, outbox.firstOffset, outbox.bytes)]),
    ...controlStatements(partition, commit),
    ...totals(partition, commit.totals),
  ];
}

function deadlines(partition: number, changes: readonly DeadlineChange[]): readonly Bound<unknown>[] {
  const rows = changes.toSorted(byKey);
  const removed = rows.filter(({ due }) => due === null);
  const armed = rows.flatMap(({ key, tenant, due }) => (due === null ? [] : [{ key, tenant, due }]));
  return [
    ...(removed.length === 0
      ? []
      : [
          bind(
            removeDeadlines,
            partition,
            removed.map((row) => row.key),
          ),
        ]),
    ...(armed.length === 0
      ? []
      : [
          bind(
            writeDeadlines,
            partition,
            armed.map((row) => row.key),
            armed.map((row) => row.tenant),
            armed.map((row) => row.due),
          ),
        ]),
  ];
}

function totals(partition: number, changes: readonly TotalChange[]): readonly Bound<unknown>[] {
  if (changes.length === 0) return [];
  return [
    bind(
      addTotals,
      partition,
      changes.map((change) => change.tenant),
      changes.map((change) => change.name),
      changes.map((change) => change.delta),
    ),
  ];
}

const byKey = (a: { readonly key: string }, b: { readonly key: string }): number => (a.key < b.key ? -1 : 1);
