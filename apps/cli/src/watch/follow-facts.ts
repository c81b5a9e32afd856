import { headerText, type LogBatch, type LogRecord, type SignalFact, type StageChanged } from '@perennial/contracts';
import { pulseOf, stackEnd, type StackPulse } from '@perennial/dev-stack';
import { DEFAULT_TENANT, parseKey, type TenantId } from '@perennial/values';
import type { Terminal } from '@perennial/command-line';
import type { Connection } from '../connection';

/** The region of the stages, which is not named in a line. */
const STAGES = 'stage';

interface Following {
  readonly topics: readonly string[];
  readonly from: 'beginning' | 'end';
  readonly interrupted: AbortSignal;
  readonly batch: (batch: LogBatch) => void;
}

/** Why reading ended. */
type FollowEnd = 'interrupted' | Exclude<StackPulse, 'runs'>;

/** Reads topics as they grow, until interrupted or until the stack that the log belongs to is no more. */
export async function follow(
  { log, home }: Pick<Connection, 'log' | 'home'>,
  { topics, from, interrupted, batch }: Following,
): Promise<FollowEnd> {
  const over = new AbortController();
  const gone = new AbortController();
  if (home !== null) {
    stackEnd(home, over.signal).then(
      () => {
        gone.abort();
      },
      () => undefined, // not of interest any more
    );
  }
  const signal = AbortSignal.any([interrupted, gone.signal]);
  try {
    await Promise.all(topics.map((topic) => log.reader().read({ topic, from, signal, batch })));
  } catch (error) {
    // The log of a stack that ends may be gone before `stackEnd` notices.
    if (home === null || pulseOf(home) === 'runs') throw error;
  } finally {
    over.abort();
  }
  const pulse = interrupted.aborted || home === null ? 'runs' : pulseOf(home);
  return pulse === 'runs' ? 'interrupted' : pulse;
}

/** Whose facts, and how; null: everybody's. */
export interface WatchedFacts {
  readonly tenant: TenantId | null;
  readonly customer: string | null;
  readonly json: boolean;
}

/** Prints the facts of a batch. Repeats after a crash are printed too: this shows the log as it is. */
export function printFacts(
  { topic, records }: Pick<LogBatch, 'topic' | 'records'>,
  { tenant, customer, json }: WatchedFacts,
  terminal: Pick<Terminal, 'out' | 'json'>,
): void {
  for (const record of records) {
    const fact = factOf(record);
    const key = text(record.key);
    if (fact === null || (customer !== null && fact.customer !== customer)) continue;
    if (tenant !== null && parseKey(key)?.tenant !== tenant) continue;
    const id = headerText(record.headers, 'ce_id');
    if (json) terminal.json(JSON.stringify({ topic, id, key, value: fact }));
    else terminal.out(describeFact(key, fact));
  }
}

function factOf({ value }: LogRecord): StageChanged | SignalFact | null {
  return value === null ? null : (JSON.parse(text(value)) as StageChanged | SignalFact);
}

const text = (bytes: Uint8Array | null): string => (bytes === null ? '' : new TextDecoder().decode(bytes));

/** A fact for people, in a line; `key` is its record's. Customers of the default tenant are named without it. */
export function describeFact(key: string, fact: StageChanged | SignalFact): string {
  const when = fact.occurredAt.replace('.000Z', 'Z');
  const who = parseKey(key)?.tenant === DEFAULT_TENANT ? fact.customer : key;
  if ('signal' in fact) return `${when}  ${who}  ${fact.signal} ${fact.change}`;
  const { kind, signal } = fact.cause;
  const where = fact.region === STAGES ? '' : `${fact.region}: `;
  return `${when}  ${who}  ${where}${fact.path}  (${signal === null ? kind : `${kind}: ${signal}`})`;
}
