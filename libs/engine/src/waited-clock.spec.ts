/** The clock record that a partition waits for comes back with copies of others in one micro-batch: the next one is appended all the same. */
import { CLOCK_TYPE, headerText, type LogRecord, NUMBER_HEADER, type OutRecord, written } from '@perennial/contracts';
import { parseInstant, type TenantId } from '@perennial/values';
import { aBatch, fakeStore, silentObserver, WrittenLog } from '@perennial/testing';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createEngine } from './create-engine';

const retail = readFileSync(join(__dirname, '../../definition/templates/retail.yaml'), 'utf8');
const APPENDED = parseInstant('2026-01-01T00:00:00Z') ?? Number.NaN;
const NOW = APPENDED + 90 * 86_400_000;
const tenant = 'default' as TenantId;

/** A partition with two deadlines that are overdue, of which a clock record fires one. */
function anEngine() {
  const clocks: OutRecord[] = [];
  let offset = 0;
  let now = NOW;
  const engine = createEngine({
    owner: 'a',
    partitions: 1,
    key: new TextEncoder().encode('a key for tests'),
    store: fakeStore(),
    publisher: {
      publish: (emissions) => {
        const records = emissions.map(written);
        clocks.push(...records.filter(({ headers }) => headerText(headers, 'ce_type') === CLOCK_TYPE));
        return Promise.resolve();
      },
    },
    flow: { pause: () => undefined, resume: () => undefined, seek: () => undefined, halt: () => undefined },
    time: {
      now: () => now,
      monotonic: () => now,
      after: (ms, call) => {
        const timer = setImmediate(() => {
          now += ms;
          call();
        });
        return () => {
          clearImmediate(timer);
        };
      },
    },
    observer: silentObserver(),
    limits: { deadlinesPerClock: 1 },
  });
  const settled = async (): Promise<void> => {
    for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
  };
  /** One delivery. */
  const read = async (records: readonly LogRecord[]): Promise<void> => {
    const numbered = records.map((record) => ({ ...record, offset: offset++ }));
    engine.receive(aBatch(0, numbered));
    await settled();
  };
  const numbers = (): unknown[] => clocks.map(({ headers }) => headerText(headers, NUMBER_HEADER));
  return { engine, clocks, read, numbers };
}

const stored = (record: OutRecord | undefined): LogRecord => {
  if (record === undefined) throw new RangeError('no clock record was appended');
  const [log] = new WrittenLog(0, NOW + 60_000).append(record).records;
  if (log === undefined) throw new RangeError('not appended');
  return log;
};

describe('a clock record that is waited for', () => {
  const begun = new WrittenLog(0, APPENDED).command({
    type: 'perennial.command.publish-definition.v1',
    tenant,
    source: retail,
  });
  for (const customer of ['a', 'b', 'c']) begun.activity(customer, 'Order Completed', '2026-01-01T00:00:00Z');

  it('is followed by the next one though a copy of an older one is read with it', async () => {
    const { engine, clocks, read, numbers } = anEngine();
    await engine.claim([0]);
    await read(begun.records);
    expect(numbers()).toEqual(['lifecycle-engine:1:1']);
    await read([stored(clocks[0])]);
    expect(numbers()).toEqual(['lifecycle-engine:1:1', 'lifecycle-engine:1:2']);
    await read([stored(clocks[1]), stored(clocks[0])]);
    expect(numbers()).toEqual(['lifecycle-engine:1:1', 'lifecycle-engine:1:2', 'lifecycle-engine:1:3']);
    await engine.stop(0);
  });
});
