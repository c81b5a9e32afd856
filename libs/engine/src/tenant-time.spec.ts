import { formatInstant, type TimeSource } from '@perennial/contracts';
import { tenantTime } from './tenant-time';

const NOW = Date.UTC(2026, 0, 1);

describe('the time of a tenant', () => {
  it.each<[TimeSource, string]>([
    [{ kind: 'event', aheadMs: Number.MAX_SAFE_INTEGER }, '9999-12-31T23:59:59.999Z'],
    [{ kind: 'event', aheadMs: Number.MIN_SAFE_INTEGER }, '0001-01-01T00:00:00.000Z'],
    [{ kind: 'offset', base: NOW, from: 0, speed: 1e6 }, '9999-12-31T23:59:59.999Z'],
    [{ kind: 'wall' }, '2026-01-01T00:00:00.000Z'],
  ])('of the source %j is one that facts can state', (source, text) => {
    expect(formatInstant(tenantTime(source, NOW))).toBe(text);
  });
});
