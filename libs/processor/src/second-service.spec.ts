/** The processor carries a service that is not the lifecycle engine: another topic, other states, another outbox. */
import { type LogRecord, storedHeaders, TOPIC } from '@perennial/contracts';
import { aBatch, FakeDatabase, fakeStore, silentObserver } from '@perennial/testing';
import { readReminders, ReminderHandler, type Reminders } from '../fixtures/reminder-service';
import type { CrashPoint, Timekeeper } from './ports';
import { Processor } from './processor';

const MINUTE = 60_000;
const text = new TextEncoder();

/** Stage changes and clock records, a minute apart. */
function aLog(lines: readonly (readonly [customer: string, to: string] | readonly ['clock'])[]): LogRecord[] {
  return lines.map(([customer, to], offset) => {
    const timestamp = offset * MINUTE;
    const isClock = to === undefined;
    return {
      offset,
      timestamp,
      key: isClock ? null : text.encode(`default:${customer}`),
      value: text.encode(isClock ? String(timestamp) : to),
      headers: storedHeaders(isClock ? [{ name: 'ce_type', value: 'reminder-clock' }] : []),
    };
  });
}

/** Time passes when it is waited for; what would take for ever never ends. */
function hasty(): Timekeeper {
  let at = 0;
  return {
    now: () => at,
    monotonic: () => at,
    after: (ms, call) => {
      if (ms === Infinity) return () => undefined;
      const timer = setImmediate(() => {
        at += ms;
        call();
      });
      return () => {
        clearImmediate(timer);
      };
    },
  };
}

interface Run {
  readonly owner?: string;
  readonly batchRecords?: number;
  readonly crash?: (point: CrashPoint) => void | Promise<void>;
}

/** Reads a log to its end, or until it crashes. Returns what was published; clock records that it appends go nowhere. */
async function read(database: FakeDatabase, log: readonly LogRecord[], { owner = 'a', batchRecords, crash }: Run = {}) {
  const published: string[] = [];
  const processor = new Processor<Reminders>({
    owner,
    createHandler: () => new ReminderHandler(),
    readOutbox: readReminders,
    store: fakeStore(database),
    publisher: {
      publish: (records) => {
        for (const { topic, value } of records) if (topic !== TOPIC.stageChanged) published.push(String(value));
        return Promise.resolve();
      },
    },
    flow: { pause: () => undefined, resume: () => undefined, seek: () => undefined, halt: () => undefined },
    time: hasty(),
    observer: silentObserver(),
    ...(crash === undefined ? {} : { crash: { reach: crash } }),
    limits: batchRecords === undefined ? {} : { batchRecords },
  });
  const start = (await processor.claim([0])).get(0) ?? 0;
  processor.receive(aBatch(0, log.slice(start), { fromOffset: start, nextOffset: log.length }));
  for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
  if (crash === undefined) await processor.stop(Infinity);
  return published;
}

const QUIET: readonly (readonly ['clock'])[] = Array.from({ length: 70 }, () => ['clock'] as const);
const LOG = aLog([
  ['c1', 'activation'],
  ['c2', 'activation'],
  ['c1', 'in-life'],
  ...QUIET,
  ['c2', 'dormancy'],
  ...QUIET,
]);
const EXPECTED = [
  'c2 is in activation after 1 moves',
  'c1 is in in-life after 2 moves',
  'c2 is in dormancy after 2 moves',
];

describe('a second service', () => {
  it('keeps its states, publishes its records and fires its deadlines', async () => {
    const database = new FakeDatabase();
    expect(await read(database, LOG)).toEqual(EXPECTED);
    const { states, deadlines } = database.partition(0);
    expect([...states.values()].map(({ key, label }) => [key, label])).toEqual([
      ['default:c1', 'in-life'],
      ['default:c2', 'dormancy'],
    ]);
    expect(deadlines.size).toBe(0);
  });

  it('says the same whatever the size of a micro-batch: a clock record fires on committed deadlines', async () => {
    for (const batchRecords of [1, 2, 7])
      expect(await read(new FakeDatabase(), LOG, { batchRecords })).toEqual(EXPECTED);
  });

  it('goes on after a crash between commit and publish, with exact repeats and without a gap', async () => {
    const database = new FakeDatabase();
    const never = new Promise<void>(() => undefined);
    let commits = 0;
    const crash = (point: CrashPoint): void | Promise<void> => {
      if (point === 'after-commit') commits += 1;
      return commits >= 60 ? never : undefined;
    };
    const before = await read(database, LOG, { crash });
    const after = await read(database, LOG, { owner: 'b' });
    expect(before.length).toBeLessThan(EXPECTED.length);
    expect([...new Set([...before, ...after])]).toEqual(EXPECTED);
  });
});
