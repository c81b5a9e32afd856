/** What the installation signed counts once: a copy of it, appended by somebody without the key, has no effect. */
import { headerText, type LogRecord, NUMBER_HEADER, type OutRecord, TOPIC } from '@perennial/contracts';
import { parseInstant, type TenantId } from '@perennial/values';
import { byCustomer, fakeStore, readThrough, signing, WrittenLog } from '@perennial/testing';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KEPT_NUMBERS } from './used-numbers';
import type { OutcomeName } from './observer';

const retail = readFileSync(join(__dirname, '../../definition/templates/retail.yaml'), 'utf8');
const APPENDED = parseInstant('2026-01-01T00:00:00Z') ?? Number.NaN;
const tenant = 'default' as TenantId;
const publish = { type: 'perennial.command.publish-definition.v1', tenant, source: retail } as const;
const start = { type: 'perennial.command.start-bootstrap.v1', tenant, customers: null } as const;
const end = { type: 'perennial.command.end-bootstrap.v1', tenant, customers: null } as const;

const copied = (log: WrittenLog, index: number): LogRecord => {
  const record = log.records[index];
  if (record === undefined) throw new RangeError(`no record ${index}`);
  return record;
};
const numbered = (record: OutRecord, value: string): OutRecord => ({
  ...record,
  headers: [...record.headers, { name: NUMBER_HEADER, value }],
});
const causes = (records: readonly OutRecord[]): unknown[] =>
  records
    .filter(({ topic }) => topic === TOPIC.deadLetter)
    .map(({ headers }) => headerText(headers, 'perennial-cause'));
const modes = (records: readonly OutRecord[]): unknown[] =>
  [...byCustomer(records, TOPIC.stageChanged).values()]
    .flat()
    .map((text) => (JSON.parse(text) as { readonly mode: string }).mode);

describe('a copy of a command', () => {
  const bootstrapped = (): WrittenLog => new WrittenLog(0, APPENDED).command(publish).command(start).command(end);

  it('changes nothing, and goes to the dead letters', async () => {
    const log = bootstrapped();
    log.append(copied(log, 1)).activity('c1', 'Order Completed', '2025-12-31T00:00:00Z');
    const published = await readThrough(log, 0);
    expect(causes(published)).toEqual(['repeated-command']);
    expect(modes(published)).toEqual(['live', 'live']);
  });

  it('is known for one also by the next owner', async () => {
    const store = fakeStore();
    const log = bootstrapped();
    await readThrough(log, 0, { store });
    log.append(copied(log, 1)).activity('c1', 'Order Completed', '2025-12-31T00:00:00Z');
    const published = await readThrough(log, 0, { store });
    expect([causes(published), modes(published)]).toEqual([['repeated-command'], ['live', 'live']]);
  });

  it('is known for one when a thousand others came in between', async () => {
    const log = bootstrapped();
    for (let count = 0; count < KEPT_NUMBERS; count++) log.command(end);
    const published = await readThrough(log.append(copied(log, 1)), 0, { limits: { batchRecords: 100 } });
    expect(causes(published)).toEqual(['repeated-command']);
  });

  it('of a refused one is refused as a repeat', async () => {
    const log = bootstrapped().command({ ...publish, source: 'kind: Nothing' });
    expect(causes(await readThrough(log.append(copied(log, 3)), 0))).toEqual([
      'invalid-definition',
      'repeated-command',
    ]);
  });

  it.each<[string, (record: OutRecord) => OutRecord]>([
    ['another number', (record) => numbered(record, '9')],
    ['no number', (record) => numbered(record, '')],
    ['the number of a clock record', (record) => signing.sign(record, { processor: 'importer', epoch: 9, counter: 9 })],
    ['a signature for another partition', (record) => signing.sign({ ...record, partition: 1 }, 9)],
    ['a signature for another topic', (record) => signing.sign({ ...record, topic: TOPIC.deadLetter }, 9)],
  ])('with %s is unsigned', async (_, change) => {
    const log = bootstrapped();
    const { value, headers } = copied(log, 1);
    const record = { topic: TOPIC.activity, partition: 0, key: null, value, headers };
    expect(causes(await readThrough(log.append(signing.sign(record, 9)), 0))).toEqual([]);
    expect(causes(await readThrough(bootstrapped().append(change(record)), 0))).toEqual(['unsigned']);
  });
});

describe('a copy of a clock record', () => {
  const counted = async (log: WrittenLog, store = fakeStore()) => {
    const outcomes = new Map<OutcomeName, number>();
    const observer = { outcomes: (name: OutcomeName, n: number) => outcomes.set(name, (outcomes.get(name) ?? 0) + n) };
    const published = await readThrough(log, 0, { store, observer, limits: { deadlinesPerClock: 1 } });
    const moves = [...byCustomer(published, TOPIC.stageChanged).values()].map((facts) => facts.length);
    return { moves: moves.sort(), repeated: outcomes.get('repeated-clock') ?? 0, causes: causes(published) };
  };
  const at = APPENDED + 90 * 86_400_000;
  const live = (): WrittenLog => {
    const log = new WrittenLog(0, at).command(publish);
    for (const customer of ['a', 'b', 'c']) log.activity(customer, 'Order Completed', '2026-01-01T00:00:00Z');
    return log.clock({ scope: { kind: 'live' }, at });
  };

  it('fires nothing, and is counted', async () => {
    const log = live();
    expect(await counted(log)).toEqual({ moves: [2, 2, 3], repeated: 0, causes: [] });
    expect(await counted(log.append(copied(log, 4)))).toEqual({ moves: [2, 2, 3], repeated: 1, causes: [] });
    expect((await counted(log.clock({ scope: { kind: 'live' }, at }))).moves).toEqual([2, 3, 3]);
  });

  it('is known for one also by the next owner', async () => {
    const [log, store] = [live(), fakeStore()];
    await counted(log, store);
    expect(await counted(log.append(copied(log, 4)), store)).toEqual({ moves: [], repeated: 1, causes: [] });
  });

  it('of one tenant is known for one', async () => {
    const log = new WrittenLog(0, APPENDED)
      .command(publish)
      .command({ type: 'perennial.command.set-time-source.v1', tenant, source: { kind: 'event', aheadMs: 0 } });
    for (const customer of ['a', 'b']) log.activity(customer, 'Order Completed', '2025-01-01T00:00:00Z');
    log.clock({ scope: { kind: 'tenant', tenant }, at: parseInstant('2025-04-01T00:00:00Z') ?? Number.NaN });
    expect(await counted(log.append(copied(log, 4)))).toEqual({ moves: [2, 3], repeated: 1, causes: [] });
  });
});
