import {
  type ClockNumber,
  headerText,
  NUMBER_HEADER,
  type OutRecord,
  parseClockNumber,
  written,
} from '@perennial/contracts';
import { signing, silentObserver } from '@perennial/testing';
import { ClockKeeper } from './clock-keeper';
import { ClockPositions } from './clock-positions';

const LIVE = { kind: 'live' } as const;
const engine = (epoch: number, counter: number): ClockNumber => ({ processor: 'lifecycle-engine', epoch, counter });

/** A keeper whose timers run out at once, with something due for ever. */
function aKeeper(epoch: number, positions = new ClockPositions([])) {
  const appended: (ClockNumber | null)[] = [];
  const timers: (() => void)[] = [];
  let at = 0;
  const time = {
    now: () => (at += 1_000),
    monotonic: () => at,
    after: (_: number, call: () => void) => {
      timers.push(call);
      return () => timers.splice(timers.indexOf(call), 1);
    },
  };
  const publish = (records: readonly Parameters<typeof written>[0][]): Promise<void> => {
    for (const { headers } of records.map((record): OutRecord => written(record)))
      appended.push(parseClockNumber(headerText(headers, NUMBER_HEADER) ?? ''));
    return Promise.resolve();
  };
  const context = { partition: 0, observer: silentObserver(), time, abandoned: () => false };
  const fail = (error: unknown): void => {
    throw error;
  };
  const crash = { reach: () => undefined };
  const keeper = new ClockKeeper({ publish }, signing, crash, context, epoch, positions, fail);
  const due = async (): Promise<(ClockNumber | null)[]> => {
    keeper.expect(0);
    for (const call of timers.splice(0)) call();
    await new Promise(setImmediate);
    return appended.splice(0);
  };
  return { keeper, due, positions };
}

describe('a clock keeper', () => {
  it('appends one record, and the next when that was read (invariant 1)', async () => {
    const { keeper, due } = aKeeper(4);
    expect([await due(), await due()]).toEqual([[engine(4, 1)], []]);
    expect(keeper.read(engine(4, 1))).toBe(true);
    expect(await due()).toEqual([engine(4, 2)]);
  });

  it('does not take a copy of an older record, or the record of somebody else, for the one that is unread', async () => {
    const { keeper, due } = aKeeper(4);
    await due();
    expect(keeper.read(engine(3, 9))).toBe(false);
    expect(keeper.read({ processor: 'importer', epoch: 9, counter: 9 })).toBe(false);
    expect(await due()).toEqual([]);
  });

  it('numbers them beyond all that were read, also those of a time that a restored database does not know (invariant 3)', async () => {
    const { keeper, due, positions } = aKeeper(2);
    expect(await due()).toEqual([engine(2, 1)]);
    positions.use(LIVE, engine(7, 5));
    keeper.read(engine(7, 5));
    expect(await due()).toEqual([engine(7, 6)]);
    keeper.read(engine(7, 6));
    expect(await due()).toEqual([engine(7, 7)]);
  });
});
