/** Rules that hold for the facts of any log, whatever computed them. */
import { type OutRecord, TOPIC } from '@perennial/contracts';

import { textOf } from './readers';

interface Move {
  readonly region: string;
  readonly sequence: number;
  readonly occurredAt: string;
  readonly cause: { readonly kind: string; readonly signal: string | null };
  readonly path: string;
}

function* movesOf(facts: readonly OutRecord[]): Generator<readonly [customer: string, move: Move]> {
  for (const { topic, key, value } of facts) {
    if (topic !== TOPIC.stageChanged || value === null) continue;
    yield [String(key), JSON.parse(textOf(value)) as Move];
  }
}

/** In order and gap-free for each customer; `occurredAt` never decreases. */
export function customersKeepOrder(facts: readonly OutRecord[]): string | null {
  const last = new Map<string, Move>();
  for (const [customer, move] of movesOf(facts)) {
    const before = last.get(customer);
    if (move.sequence !== (before?.sequence ?? 0) + 1)
      return `${customer} has sequence ${move.sequence} after ${before?.sequence ?? 'nothing'}`;
    if (before !== undefined && move.occurredAt < before.occurredAt)
      return `${customer} goes back in time at sequence ${move.sequence}`;
    last.set(customer, move);
  }
  return null;
}

export function deadlinesFireOnce(facts: readonly OutRecord[]): string | null {
  const fired = new Set<string>();
  for (const [customer, { region, occurredAt, cause, path }] of movesOf(facts)) {
    if (cause.kind !== 'deadline' && cause.kind !== 'after') continue;
    const deadline = `${cause.kind} ${cause.signal ?? path} of ${customer} in ${region} at ${occurredAt}`;
    if (fired.has(deadline)) return `fired twice: ${deadline}`;
    fired.add(deadline);
  }
  return null;
}
