import type { Connection } from '../connection';
import { findDeadLetters } from '../dead-letter/find-dead-letters';
import { type Finding, findingsOf, ok, todo } from './finding';

/** So many are counted; more than these are told as "or more". */
const COUNTED = 1_000;
const CHECK = 'dead letters';

/** How many activities wait as dead letters, by cause. */
export function checkDeadLetters(connection: Pick<Connection, 'log' | 'deadLetters'>): Promise<readonly Finding[]> {
  return findingsOf(CHECK, 'Look at broker and database first.', async () => {
    const causes = new Map<string, number>();
    let waiting = 0;
    const choice = { ids: null, cause: null, tenant: null, settled: false, limit: COUNTED };
    for await (const page of findDeadLetters(connection, choice)) {
      waiting += page.length;
      for (const { letter } of page) causes.set(letter.cause, (causes.get(letter.cause) ?? 0) + 1);
    }
    if (waiting === 0) return [ok(CHECK, 'none waits')];
    const count = waiting === COUNTED ? `${COUNTED} or more wait` : waiting === 1 ? '1 waits' : `${waiting} wait`;
    const byCause = [...causes].sort(([, a], [, b]) => b - a).map(([cause, n]) => `${cause} ${n}`);
    return [todo(CHECK, `${count}: ${byCause.join(', ')}`, 'perennial dead-letter list')];
  });
}
