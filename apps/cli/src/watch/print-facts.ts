import { headerText, type LogBatch, type LogRecord, type SignalFact, type StageChanged } from '@perennial/contracts';
import { parseKey, type TenantId } from '@perennial/values';
import type { Terminal } from '@perennial/command-line';
import { describeFact } from './describe-fact';

/** Whose facts, and how; null: everybody's. */
export interface WatchedFacts {
  readonly tenant: TenantId | null;
  readonly customer: string | null;
  readonly json: boolean;
}

/** A repeat after a crash is printed again: this looks at the log as it is. */
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
