import { DEFAULT_TENANT, parseKey, type SignalFact, type StageChanged } from '@perennial/contracts';

/** A fact for people, in a line; `key` is its record's. Customers of the default tenant are named without it. */
export function describeFact(key: string, fact: StageChanged | SignalFact): string {
  const when = fact.occurredAt.replace('.000Z', 'Z');
  const who = parseKey(key)?.tenant === DEFAULT_TENANT ? fact.customer : key;
  if ('signal' in fact) return `${when}  ${who}  ${fact.signal} ${fact.change}`;
  const { kind, signal } = fact.cause;
  return `${when}  ${who}  ${fact.path}  (${signal === null ? kind : `${kind}: ${signal}`})`;
}
