/** The history that the throughput part works through: the same records for the same settings, whoever writes them. */
import type { OutRecord } from '@perennial/contracts';
import type { Instant } from '@perennial/values';
import { activityOf, anyEvent } from './activity';
import { type Distribution, populationOf } from './population';
import { Random } from './random';

export interface History {
  readonly distribution: Distribution;
  readonly events: number;
  readonly customers: number;
  readonly seed: number;
}

/** 2026-01-01 to 2027-07-01. */
const BEGIN = Date.UTC(2026, 0, 1);
const END = Date.UTC(2027, 6, 1);
/** A resend repeats one of the last so many records, byte for byte. */
const WINDOW = 100;
const RESENT = 0.01;

/** Of each activity its record and its time; times rise evenly over the span, resends keep theirs. */
export function* historyOf({
  distribution,
  events,
  customers,
  seed,
}: History): Generator<readonly [OutRecord, Instant]> {
  const random = new Random(seed);
  const draw = populationOf(distribution, customers);
  const recent: (readonly [OutRecord, Instant])[] = [];
  for (let index = 0; index < events; index++) {
    const again = index >= WINDOW && random.fraction() < RESENT ? recent[random.below(WINDOW)] : undefined;
    const next = again ?? fresh(random, `c${draw(random)}`, BEGIN + Math.floor((index / events) * (END - BEGIN)));
    recent[index % WINDOW] = next;
    yield next;
  }
}

function fresh(random: Random, customer: string, at: Instant): readonly [OutRecord, Instant] {
  const doing = { customer, id: random.uuid(), event: anyEvent(random), at, cents: 500 + random.below(20_000) };
  return [activityOf(doing), at];
}
