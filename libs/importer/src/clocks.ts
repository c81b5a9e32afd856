/** The tenant's clock: while an import runs, up to where the past is fired, and afterwards. Rules only. */
import type { TimeSource } from '@perennial/contracts';
import type { Instant, Millis } from '@perennial/values';
import { tenantTime } from '@perennial/engine';
import type { Ending, PartitionTenant } from './ports';

/** As the engine tolerates it: stated later than that after its append, an activity takes effect at its append time. */
export const FUTURE_TOLERATED_MS: Millis = 5 * 60_000;

/**
 * In event time, so that nothing falls due before the past is complete. Before `wall`, what live producers state meanwhile is no
 * future. Otherwise the tenant's time is near the newest row: an activity without a time is stamped there, and one that states real
 * time is in the future, meanwhile as afterwards; more than 24 h ahead of the tenant's time it is a dead letter.
 */
export function sourceMeanwhile(ending: Exclude<Ending, 'late'>, newest: Instant, now: Instant): TimeSource {
  const aheadMs = newest - now;
  return { kind: 'event', aheadMs: ending === 'wall' ? Math.max(0, aheadMs) : aheadMs };
}

/** Up to when deadlines fire in mode `history`: those of the past, each call of the next step after the one before is through. */
export function pastEnds(ending: Ending, newest: Instant, partitions: readonly PartitionTenant[]): readonly PastEnd[] {
  switch (ending) {
    case 'wall':
      return [() => newest, (now) => Math.max(newest, now)];
    case 'offset':
    case 'held':
      return [() => newest];
    case 'late':
      return [(now) => lateEnd(partitions, newest, now)];
  }
}
export type PastEnd = (now: Instant) => Instant;

/** The tenant's own time; of one in event time, the newest that it knows. */
function lateEnd(partitions: readonly PartitionTenant[], newest: Instant, now: Instant): Instant {
  const ends = partitions.map(({ state: { source }, clockAt }) =>
    source.kind === 'event' ? Math.max(newest, clockAt ?? newest) : tenantTime(source, now),
  );
  return ends.length === 0 ? now : Math.max(...ends);
}

/**
 * What the tenant lives on afterwards. A partition that has it already says it: repeated, it is the same to the millisecond, so
 * that no clock goes back. Null: as it is.
 */
export function sourceAfterwards(
  ending: Ending,
  newest: Instant,
  now: Instant,
  partitions: readonly PartitionTenant[],
): TimeSource | null {
  switch (ending) {
    case 'late':
      return null;
    case 'wall':
      return { kind: 'wall' };
    case 'offset':
    case 'held': {
      const begun = partitions.find(({ state }) => state.source.kind === 'offset');
      return begun?.state.source ?? { kind: 'offset', base: newest, from: now, speed: ending === 'held' ? 0 : 1 };
    }
  }
}
