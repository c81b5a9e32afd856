import { type SignalFact, type StageChanged } from '@perennial/contracts';
import { DEFAULT_TENANT, parseKey } from '@perennial/values';

/** The region that is not named: what moves in it are the stages. */
const STAGES = 'stage';

/** A fact for people, in a line; `key` is its record's. Customers of the default tenant are named without it. */
export function describeFact(key: string, fact: StageChanged | SignalFact): string {
  const when = fact.occurredAt.replace('.000Z', 'Z');
  const who = parseKey(key)?.tenant === DEFAULT_TENANT ? fact.customer : key;
  if ('signal' in fact) return `${when}  ${who}  ${fact.signal} ${fact.change}`;
  const { kind, signal } = fact.cause;
  const where = fact.region === STAGES ? '' : `${fact.region}: `;
  return `${when}  ${who}  ${where}${fact.path}  (${signal === null ? kind : `${kind}: ${signal}`})`;
}
