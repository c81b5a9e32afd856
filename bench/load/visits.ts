/** Customers of whom each does one thing and comes back once, however many they are: nothing is kept of them here. */
import type { OutRecord } from '@perennial/contracts';
import type { Instant } from '@perennial/values';
import { activityOf, ORDER } from './activity';

const GOLDEN = 0.618_033_988_749_895;

/** The first order of each, in the order of their numbers. */
export function* arrivals(customers: number, at: Instant): Generator<OutRecord> {
  for (let index = 0; index < customers; index++) yield visit(index, 1, ORDER, at);
}

/** A page view of each, no two neighbours one after the other: what an owner reads of them is not side by side. */
export function* returns(customers: number, at: Instant): Generator<OutRecord> {
  const stride = strideOf(customers);
  for (let step = 0, index = 0; step < customers; step++, index = (index + stride) % customers)
    yield visit(index, 2, 'page_viewed', at);
}

function visit(index: number, round: number, event: string, at: Instant): OutRecord {
  return activityOf({
    customer: `v-${index}`,
    id: `00000000-0000-4000-a00${round}-${index.toString(16).padStart(12, '0')}`,
    event,
    at,
    cents: 1_000 + (index % 9_000),
  });
}

/** Near the golden ratio of the whole, and without a common divisor: meets each number once, evenly spread. */
function strideOf(customers: number): number {
  let stride = Math.max(1, Math.floor(customers * GOLDEN));
  while (commonDivisor(stride, customers) > 1) stride += 1;
  return stride;
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
