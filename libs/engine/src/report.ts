import type { EngineObserver } from './observer';
import type { MicroBatch } from './micro-batch';

/** Tells the observer of a committed micro-batch, in totals. */
export function report(
  observer: EngineObserver,
  partition: number,
  batch: MicroBatch,
  at: {
    readonly seconds: number;
    readonly behind: number;
    readonly behindSeconds: number;
    readonly backlog: { readonly pending: number; readonly seconds: number };
  },
): void {
  observer.batch(partition, { records: batch.inputs, seconds: at.seconds });
  for (const [name, count] of batch.outcomes) observer.outcomes(name, count);
  for (const { region, from, to, count } of batch.moves.values()) observer.moves(region, from, to, count);
  for (const [topic, count] of batch.topics) observer.facts(topic, count);
  for (const [cause, count] of batch.deadLetterCauses) observer.deadLetters(cause, count);
  if (batch.forwarded > 0) observer.forwarded(partition, batch.forwarded);
  if (batch.parked > 0) observer.parked(partition, batch.parked);
  observer.lag(partition, { records: at.behind, seconds: at.behindSeconds });
  observer.outbox(partition, at.backlog);
}
