import type { TenantId } from '@perennial/values';
import { AT_ONCE, firePast } from './phases';
import type { ImportPorts } from './ports';

/** Partitions with so many deadlines due, of which a clock record fires 5,000 at most; which partitions each was for. */
function aLog(due: number[]) {
  const fired: (number | null)[] = [];
  const sender = {
    partitions: due.length,
    clockOf: (_tenant: TenantId, _at: number, only: number | null) => {
      fired.push(only);
      for (const [partition, left] of due.entries())
        if (only === null || only === partition) due[partition] = Math.max(0, left - AT_ONCE);
      return Promise.resolve();
    },
  };
  const engine = {
    drained: () => Promise.resolve(),
    dueCount: () => Promise.resolve(due.reduce((sum, left) => sum + left, 0)),
  };
  const ports = {
    engine,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  } as unknown as ImportPorts;
  return { fired, fire: () => firePast('acme' as TenantId, 0, sender, ports) };
}

describe('the past fires', () => {
  it('in all partitions at once when little is due', async () => {
    const { fired, fire } = aLog([2_000, 3_000]);
    await fire();
    expect(fired).toEqual([null]);
  });

  it('in one partition at a time while more is due than one clock record fires', async () => {
    const { fired, fire } = aLog([9_000, 0, 4_000]);
    await fire();
    expect(fired).toEqual([0, 1, 2, null]);
  });

  it('or is given up when nothing comes of it', async () => {
    const due = [6_000, 1];
    const { fire } = aLog(due);
    Object.defineProperty(due, 0, { get: () => 6_000, set: () => undefined });
    await expect(fire()).rejects.toMatchObject({ code: 'IMPORT.CLOCK_WITHOUT_EFFECT' });
  });
});
