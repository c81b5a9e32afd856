import { RetryableError } from '@perennial/values';
import { silentObserver } from '@perennial/testing';
import { ABANDONED, retrying, type RetryContext } from './retry';

const away = () => Promise.reject(new RetryableError('STORE.UNREACHABLE', 'away'));

/** Writes down what an observer of health holds for away. */
function contextOf(abandoned: () => boolean): { readonly context: RetryContext; readonly away: Set<string> } {
  const held = new Set<string>();
  const observer = silentObserver({ retrying: (what) => held.add(what), recovered: (what) => held.delete(what) });
  const after = (_ms: number, call: () => void) => {
    const timer = setImmediate(call);
    return () => {
      clearImmediate(timer);
    };
  };
  const time = { now: () => 0, monotonic: () => 0, after };
  return { context: { partition: 0, observer, time, random: () => 1, abandoned }, away: held };
}

describe('Trying again', () => {
  it('says that what is away is away until it is back', async () => {
    const { context, away: held } = contextOf(() => false);
    const seen: string[][] = [];
    let failures = 2;
    const work = () => {
      seen.push([...held]);
      return failures-- > 0 ? away() : Promise.resolve('done');
    };
    expect(await retrying('load', context, work)).toBe('done');
    expect(seen).toEqual([[], ['load'], ['load']]);
    expect([...held]).toEqual([]);
  });

  it('leaves nothing said of what is not wanted any more', async () => {
    let wanted = 3;
    const { context, away: held } = contextOf(() => wanted-- <= 0);
    expect(await retrying('claim', context, away)).toBe(ABANDONED);
    expect([...held]).toEqual([]);
  });

  it('says nothing of a failure that comes after it was given up', async () => {
    let given = false;
    const { context, away: held } = contextOf(() => given);
    const work = () => {
      given = true;
      return away();
    };
    expect(await retrying('commit', context, work)).toBe(ABANDONED);
    expect([...held]).toEqual([]);
  });

  it('waits twice as long after each failure, at most 2 s, of which the second half is random', async () => {
    const waits = async (random: number): Promise<readonly number[]> => {
      const waited: number[] = [];
      const after = (ms: number, call: () => void) => {
        waited.push(ms);
        queueMicrotask(call);
        return () => undefined;
      };
      let failures = 7;
      const time = { now: () => 0, monotonic: () => 0, after };
      const context = { partition: 0, observer: silentObserver(), time, random: () => random, abandoned: () => false };
      await retrying('load', context, () => (failures-- > 0 ? away() : Promise.resolve('done')));
      return waited;
    };
    expect(await waits(1)).toEqual([50, 100, 200, 400, 800, 1_600, 2_000]);
    expect(await waits(0)).toEqual([25, 50, 100, 200, 400, 800, 1_000]);
    expect(await waits(0.5)).toEqual([37.5, 75, 150, 300, 600, 1_200, 1_500]);
  });
});
