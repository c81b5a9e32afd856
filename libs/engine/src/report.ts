import { type EngineObserver, OUTCOMES } from './observer';
import type { MicroBatch } from './micro-batch';

/** Tells the observer of a committed micro-batch, in totals. */
export function report(
  observer: EngineObserver,
  partition: number,
  batch: MicroBatch,
  at: {
    readonly seconds: number;
    /** Not revoked meanwhile: what the batch did counts all the same, but how the partition stands is for the next owner to say. */
    readonly owned: boolean;
    readonly behind: number;
    readonly behindSeconds: number;
    readonly backlog: { readonly pending: number; readonly seconds: number };
  },
): void {
  observer.batch(partition, { records: batch.inputs, seconds: at.seconds });
  for (const tally of batch.tally) {
    for (const name of OUTCOMES) if (tally.outcomes[name] > 0) observer.outcomes(name, tally.outcomes[name]);
    for (const { region, from, to, count } of tally.moves) observer.moves(region, from, to, count);
    for (const [topic, count] of tally.topics) if (count > 0) observer.facts(topic, count);
    if (tally.forwarded > 0) observer.forwarded(partition, tally.forwarded);
  }
  for (const [cause, count] of batch.deadLetterCauses) observer.deadLetters(cause, count);
  if (batch.parked > 0) observer.parked(partition, batch.parked);
  if (!at.owned) return;
  observer.lag(partition, { records: at.behind, seconds: at.behindSeconds });
  observer.outbox(partition, at.backlog);
}
