import type { OutRecord } from '@perennial/contracts';
import type { Instant } from '@perennial/values';
import { activityOf, ORDER } from './activity';

/** What the bench's definition waits for after a customer's last event. */
const QUIET_AFTER = 30 * 86_400_000;

/** Orders of customers who fall due at given times: each took place thirty days before. */
export function* armed(name: string, count: number, dueAt: (index: number) => Instant): Generator<OutRecord> {
  for (let index = 0; index < count; index++) {
    yield activityOf({
      customer: `${name}-${index}`,
      id: `00000000-0000-4000-9000-${index.toString(16).padStart(12, '0')}`,
      event: ORDER,
      at: dueAt(index) - QUIET_AFTER,
      cents: 1_000,
    });
  }
}
