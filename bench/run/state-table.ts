/** The table of states, filled and read past the engine. */
import { TENANT } from '../load/activity';
import { query } from './database';

/** As large as the engine packs a state of the bench's definition. */
export const STATE_BYTES = 290;

/** A row for each customer, of version 0; on disk, and known to the planner. */
export async function fillStates(url: string, customers: number, partitions: number): Promise<void> {
  const fill = `
INSERT INTO customer_state (partition, key, stage, version, packed)
SELECT n % ${partitions}, '${TENANT}:c' || n, 'onboarding', 0, decode(repeat('5a', ${STATE_BYTES}), 'hex')
FROM generate_series(1, ${customers}) AS n`;
  for (const text of [fill, 'VACUUM ANALYZE customer_state', 'CHECKPOINT']) await query(url, text);
}

/** Rows that were written since the tables were made, by sessions that have ended. */
export async function rowsWritten(url: string): Promise<number> {
  const [row] = await query<{ written: string }>(
    url,
    `SELECT sum(n_tup_ins + n_tup_upd) AS written FROM pg_stat_user_tables WHERE relname IN ('customer_state', 'state_log')`,
  );
  return Number(row?.written);
}

/** Sum over all customers. */
export async function versionsIn(url: string): Promise<number> {
  const [row] = await query<{ versions: string }>(url, 'SELECT sum(version) AS versions FROM customer_state');
  return Number(row?.versions);
}
