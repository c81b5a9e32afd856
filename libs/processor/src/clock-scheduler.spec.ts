import {
  type ClockNumber,
  clockRecord,
  headerText,
  NUMBER_HEADER,
  type OutRecord,
  parseClockNumber,
} from '@perennial/contracts';
import { signing, silentObserver } from '@perennial/testing';
import { DEFAULT_TENANT } from '@perennial/values';
import { ClockScheduler } from './clock-scheduler';
import type { TenantClocks } from './handler';

const engine = (epoch: number, counter: number): ClockNumber => ({ processor: 'lifecycle-engine', epoch, counter });

/** A scheduler whose timers run out at once, with something due for ever. */
function aScheduler(epoch: number) {
  const appended: (ClockNumber | null)[] = [];
  const timers: (() => void)[] = [];
  let at = 0;
  let newest: ClockNumber | null = null;
  const time = {
    now: () => (at += 1_000),
    monotonic: () => at,
    after: (_: number, call: () => void) => {
      timers.push(call);
      return () => timers.splice(timers.indexOf(call), 1);
    },
  };
  const publish = (records: readonly OutRecord[]): Promise<void> => {
    for (const { headers } of records) appended.push(parseClockNumber(headerText(headers, NUMBER_HEADER) ?? ''));
    return Promise.resolve();
  };
  const clocks: TenantClocks = {
    processor: 'lifecycle-engine',
    live: () => [{ tenant: DEFAULT_TENANT, except: [] }],
    wallTime: (_, due) => due,
    newestRead: () => newest,
    record: (instant, number) => signing.sign(clockRecord('t', 0, { scope: { kind: 'live' }, at: instant }), number),
  };
  const session = { earliest: () => Promise.resolve(new Map([[DEFAULT_TENANT, 0]])) };
  const context = { partition: 0, observer: silentObserver(), time, random: () => 1, abandoned: () => false };
  const crash = { reach: () => undefined };
  const scheduler = new ClockScheduler(clocks, { publish }, session, crash, context, { epoch, armed: 0 });
  const due = async (): Promise<(ClockNumber | null)[]> => {
    await scheduler.refresh();
    for (const call of timers.splice(0)) call();
    await new Promise(setImmediate);
    return appended.splice(0);
  };
  /** A micro-batch that read a clock record is committed. `counts`: nothing as late was read before. */
  const read = async (number: ClockNumber, counts = true): Promise<void> => {
    if (counts && number.processor === clocks.processor) newest = number;
    await committed([number]);
  };
  const committed = (clocksRead: readonly ClockNumber[]): Promise<void> =>
    scheduler.committed([], { armed: 0, deadlinesUnknown: false, clocksRead });
  return { due, read, committed };
}

describe('a clock scheduler', () => {
  it('appends one record, and the next when that was read (invariant 1)', async () => {
    const { due, read } = aScheduler(4);
    expect([await due(), await due()]).toEqual([[engine(4, 1)], []]);
    await read(engine(4, 1));
    expect(await due()).toEqual([engine(4, 2)]);
  });

  it('does not take a copy of an older record, or the record of somebody else, for the one that is unread', async () => {
    const { due, read } = aScheduler(4);
    await due();
    await read(engine(3, 9), false);
    await read({ processor: 'importer', epoch: 9, counter: 9 });
    expect(await due()).toEqual([]);
  });

  it('finds the one that is unread among all that a micro-batch read, also before copies of older ones and those of others', async () => {
    const { due, committed } = aScheduler(4);
    await due();
    await committed([engine(3, 8), engine(4, 1), engine(3, 9), { processor: 'importer', epoch: 9, counter: 9 }]);
    expect(await due()).toEqual([engine(4, 2)]);
  });

  it('numbers them beyond all that were read, also those of a time that a restored database does not know (invariant 3)', async () => {
    const { due, read } = aScheduler(2);
    expect(await due()).toEqual([engine(2, 1)]);
    await read(engine(7, 5));
    expect(await due()).toEqual([engine(7, 6)]);
    await read(engine(7, 6));
    expect(await due()).toEqual([engine(7, 7)]);
  });
});
