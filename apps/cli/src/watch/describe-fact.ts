import type { SignalFact, StageChanged } from '@perennial/contracts';

/** A fact for people, in a line. */
export function describeFact(fact: StageChanged | SignalFact): string {
  const when = fact.occurredAt.replace('.000Z', 'Z');
  if ('signal' in fact) return `${when}  ${fact.customer}  ${fact.signal} ${fact.change}`;
  const { kind, signal } = fact.cause;
  return `${when}  ${fact.customer}  ${fact.path}  (${signal === null ? kind : `${kind}: ${signal}`})`;
}
