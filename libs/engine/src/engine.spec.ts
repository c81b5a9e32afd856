import {
  BATCH_FRAMING_BYTES,
  headersOf,
  headerText,
  MAX_DEAD_LETTER_BYTES,
  MAX_RECORD_BYTES,
  type OutRecord,
  recordBytes,
  TOPIC,
  valueBytes,
} from '@perennial/contracts';
import { parseInstant, partitionFor, type TenantId } from '@perennial/values';
import { byCustomer, FakeDatabase, fakeStore, readThrough, WrittenLog } from '@perennial/testing';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Signing } from './signing';

const retail = readFileSync(join(__dirname, '../../definition/templates/retail.yaml'), 'utf8');
const APPENDED = instant('2026-01-01T00:00:00Z');
const tenant = 'default' as TenantId;

function instant(text: string): number {
  return parseInstant(text) ?? Number.NaN;
}

/** A partition that imports history: definition, event time, bootstrap. */
const history = (): WrittenLog =>
  new WrittenLog(0, APPENDED)
    .command({ type: 'perennial.command.publish-definition.v1', tenant, source: retail })
    .command({ type: 'perennial.command.set-time-source.v1', tenant, source: { kind: 'event', aheadMs: 0 } })
    .command({ type: 'perennial.command.start-bootstrap.v1', tenant, customers: null });

const clockAt = (at: string) => ({ scope: { kind: 'tenant', tenant } as const, at: instant(at) });
const total = (value: number) => ({ properties: { total: value, currency: 'GBP' } });

function busyLog(): WrittenLog {
  const log = history();
  for (let day = 1; day <= 28; day++) {
    for (let customer = 0; customer < 40; customer += 1 + ((day * 7) % 3)) {
      log.activity(
        `c${customer}`,
        'Order Completed',
        `2011-0${1 + (customer % 3)}-${String(day).padStart(2, '0')}T08:00:00Z`,
        total(day),
      );
    }
    if (day % 9 === 0) log.clock(clockAt(`2011-0${3 + day / 9}-01T00:00:00Z`));
  }
  return log.clock(clockAt('2012-01-01T00:00:00Z'));
}

const bytes = (records: readonly OutRecord[]): string[] =>
  records.map(
    (record) =>
      `${record.topic} ${String(record.key)} ${JSON.stringify(record.headers)} ${new TextDecoder().decode(valueBytes(record) ?? undefined)}`,
  );

describe('the facts of a log', () => {
  it('are byte for byte the same whatever the batch size', async () => {
    const log = busyLog();
    const whole = bytes(await readThrough(log, 0, { limits: { batchRecords: 5_000 } }));
    expect(whole.length).toBeGreaterThan(100);
    for (const batchRecords of [1, 7, 500]) {
      expect(bytes(await readThrough(log, 0, { limits: { batchRecords } }))).toEqual(whole);
    }
  });
  it('are the same when the cache forgets everybody between micro-batches', async () => {
    const log = busyLog();
    const whole = bytes(await readThrough(log, 0));
    for (const chunkRecords of [1, 4, 10]) {
      const limits = { batchRecords: 100, chunkRecords, cachedBytes: 0 };
      expect(bytes(await readThrough(log, 0, { limits }))).toEqual(whole);
    }
  });
  it('are the same when a clock record fires one deadline at a time, as long as it is repeated', async () => {
    const log = history();
    for (const customer of ['a', 'b', 'c']) log.activity(customer, 'Order Completed', '2011-01-01T00:00:00Z');
    for (let i = 0; i < 3; i++) log.clock(clockAt('2011-03-02T00:00:00Z'));
    const moved = byCustomer(await readThrough(log, 0, { limits: { deadlinesPerClock: 1 } }), TOPIC.stageChanged);
    expect([...moved.values()].map((facts) => facts.length)).toEqual([3, 3, 3]);
  });
  it('are the same when a clock record evaluates one instant, as long as it is repeated', async () => {
    const log = history();
    for (const customer of ['a', 'b', 'c']) log.activity(customer, 'Order Completed', '2011-01-01T00:00:00Z');
    for (let i = 0; i < 3; i++) log.clock(clockAt('2011-03-02T00:00:00Z'));
    const read = await readThrough(log, 0, { limits: { evaluationsPerClock: 1 } });
    const lasts = [...byCustomer(read, TOPIC.stageChanged).values()].map((facts) => facts.at(-1));
    const versions = lasts.map((fact) => /"stateVersion":"(0:\d+)"/.exec(fact ?? '')?.[1]);
    expect(versions).toEqual(['0:6', '0:7', '0:8']);
  });
  it('of a customer that is due every second for eight days end with the bound, and those of others go on', async () => {
    const source = retail.replace('after: { P30D: dormancy }', 'after: { P30D: dormancy, PT1S: onboarding }');
    expect(source).not.toBe(retail);
    const log = new WrittenLog(0, APPENDED)
      .command({ type: 'perennial.command.publish-definition.v1', tenant, source })
      .command({ type: 'perennial.command.set-time-source.v1', tenant, source: { kind: 'event', aheadMs: 0 } })
      .activity('loops', 'Order Refunded', '2011-03-01T00:00:00Z')
      .activity('leaves', 'Order Completed', '2011-01-08T00:00:00Z')
      .clock(clockAt('2011-03-09T00:00:00Z'))
      .clock(clockAt('2011-03-09T00:00:00Z'));
    const parked: number[] = [];
    const observer = { parked: (_: number, count: number) => void parked.push(count) };
    const moved = byCustomer(await readThrough(log, 0, { observer }), TOPIC.stageChanged);
    expect(parked).toEqual([1]);
    expect([moved.get('loops')?.length, moved.get('leaves')?.length]).toEqual([1, 3]);
  });
  it('of customers with thousands of instants to evaluate leave the event loop its turn between two of them', async () => {
    const source = retail.replace('after: { P30D: dormancy }', 'after: { P30D: dormancy, PT1M: onboarding }');
    const log = new WrittenLog(0, APPENDED)
      .command({ type: 'perennial.command.publish-definition.v1', tenant, source })
      .command({ type: 'perennial.command.set-time-source.v1', tenant, source: { kind: 'event', aheadMs: 0 } });
    const customers = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    for (const day of ['01', '05'])
      for (const id of customers) log.activity(id, 'Order Refunded', `2011-03-${day}T00:00:00Z`);
    let [turns, counting] = [0, true];
    const count = (): void => {
      turns += 1;
      if (counting) setImmediate(count);
    };
    const crash = {
      reach: () => {
        counting = false;
      },
    };
    setImmediate(count);
    await readThrough(log, 0, { crash });
    expect(turns).toBeGreaterThanOrEqual(customers.length);
  });
  it('carry the position of their cause as id, and its append time', async () => {
    const [first] = await readThrough(history().activity('c1', 'Order Completed', '2011-01-01T00:00:00Z'), 0);
    expect(headerText(first?.headers ?? [], 'ce_id')).toBe('perennial.activity.v1:0:3:0');
    expect(JSON.parse(String(first?.value))).toMatchObject({
      decidedAt: '2026-01-01T00:00:00.003Z',
      stateVersion: '0:3',
      mode: 'history',
    });
  });
});

describe('a restart', () => {
  it('goes on where the store is, and states nothing again that was published', async () => {
    const whole = busyLog();
    const expected = bytes(await readThrough(whole, 0));
    const store = fakeStore();
    const half = new WrittenLog(0, APPENDED);
    half.records.push(...whole.records.slice(0, 200));
    const before = await readThrough(half, 0, { store, limits: { batchRecords: 13 } });
    const after = await readThrough(whole, 0, { store, limits: { batchRecords: 17 } });
    expect(bytes([...before, ...after])).toEqual(expected);
  });
  it('after lost answers of the store repeats nothing and loses nothing', async () => {
    const log = busyLog();
    const expected = bytes(await readThrough(log, 0));
    let calls = 0;
    const store = fakeStore(new FakeDatabase(() => (calls++ % 3 === 0 ? 'after' : 'none')));
    expect(bytes(await readThrough(log, 0, { store, limits: { batchRecords: 50 } }))).toEqual(expected);
  });
});

describe('bad input', () => {
  const live = (): WrittenLog =>
    new WrittenLog(0, APPENDED).command({ type: 'perennial.command.publish-definition.v1', tenant, source: retail });
  const text = (value: string): Uint8Array => new TextEncoder().encode(value);
  const causes = (records: readonly OutRecord[]): (string | undefined)[] =>
    records
      .filter(({ topic }) => topic === TOPIC.deadLetter)
      .map(({ headers }) => headerText(headers, 'perennial-cause') ?? undefined);

  it('goes to the dead letters byte for byte with its cause, and the partition goes on', async () => {
    const log = live()
      .append({ key: 'default:c1', value: text('{"type":'), headers: [] })
      .append({ key: 'default:c1', value: new Uint8Array([0xff, 0xfe, 0x7b]), headers: [] })
      .append({ key: 'default:c1', value: null, headers: [] })
      .append({ key: null, value: text('{"type":"track","event":"x","userId":"c1"}'), headers: [] })
      .append({ key: 'default:c1', value: text('{"type":"dance","userId":"c1"}'), headers: [] })
      .append({ key: 'default:c1', value: text('{"type":"track","event":"x"}'), headers: [] })
      .append({
        key: 'default:c1',
        value: text('{"type":"track","event":"x","userId":"c1","timestamp":"soon"}'),
        headers: [],
      })
      .activity('c1', 'Order Completed', '2026-01-03T00:00:00Z')
      .activity('c1', 'Order Completed', '2025-12-31T00:00:00Z');
    const published = await readThrough(log, 0);
    expect(causes(published)).toEqual([
      'invalid-json',
      'invalid-utf8',
      'null-value',
      'null-key',
      'unknown-type',
      'no-customer',
      'unreadable-timestamp',
      'future-timestamp',
    ]);
    expect(published[1]?.value).toEqual(new Uint8Array([0xff, 0xfe, 0x7b]));
    expect(byCustomer(published, TOPIC.stageChanged).get('c1')).toHaveLength(2);
  });
  it('of a tenant without a definition waits among the dead letters', async () => {
    expect(
      causes(
        await readThrough(new WrittenLog(0, APPENDED).activity('c1', 'Order Completed', '2025-01-01T00:00:00Z'), 0),
      ),
    ).toEqual(['no-definition']);
  });
  it.each([
    ['default:c1', ''],
    ['acme:c1', ' --tenant acme'],
    ['acme & sons:c1', ' --tenant "acme & sons"'],
  ])('of a tenant without a definition says which commands to type: %s', async (key, flag) => {
    const value = text('{"type":"track","event":"x","userId":"c1"}');
    const [letter] = await readThrough(new WrittenLog(0, APPENDED).append({ key, value, headers: [] }), 0);
    expect(headerText(letter?.headers ?? [], 'perennial-detail')).toBe(
      `the tenant has no definition yet: perennial definition publish FILE --reason TEXT${flag}; then perennial dead-letter replay --cause no-definition${flag}`,
    );
  });
  it('that claims to be a clock or a command without the signature changes nothing', async () => {
    const signed = live().activity('c1', 'Order Completed', '2025-12-31T00:00:00Z');
    const forged = new Signing(text('another key'));
    const source = signed.records[0];
    const log = live().append({
      key: null,
      value: source?.value ?? null,
      headers: forged.sign(
        {
          topic: TOPIC.activity,
          partition: 0,
          key: null,
          value: source?.value ?? null,
          headers: headersOf({ ce_type: 'perennial.command.publish-definition.v1' }),
        },
        1,
      ).headers,
    });
    expect(causes(await readThrough(log, 0))).toEqual(['unsigned']);
  });
  it('a definition that does not follow the published one is refused, and says why', async () => {
    const log = live().command({
      type: 'perennial.command.publish-definition.v1',
      tenant,
      source: `${retail}\n# changed in place\n`,
    });
    const [refused] = await readThrough(log, 0);
    expect(headerText(refused?.headers ?? [], 'perennial-cause')).toBe('invalid-definition');
    expect(headerText(refused?.headers ?? [], 'perennial-detail')).toContain('raise the version');
  });
});

describe('an amount with the other sign than the definition states', () => {
  it('is left out, and counted by name', async () => {
    const outcomes: Record<string, number> = {};
    const log = history()
      .activity('c1', 'Order Refunded', '2011-03-01T00:00:00Z', total(-50))
      .activity('c1', 'Order Refunded', '2011-03-02T00:00:00Z', total(50));
    await readThrough(log, 0, {
      observer: { outcomes: (name, count) => (outcomes[name] = (outcomes[name] ?? 0) + count) },
    });
    expect(outcomes).toEqual({ taken: 2, 'amount-left-out': 1, 'amount-other-sign': 1 });
  });
});

describe('an activity in the wrong partition', () => {
  const publish = { type: 'perennial.command.publish-definition.v1', tenant, source: retail } as const;
  const [here, there] = ['c1', 'c2'].map((customer) => partitionFor(`default:${customer}`, 2));
  it('is forwarded to its own with its id and time, and taken there once, however often it comes', async () => {
    expect(here).not.toBe(there);
    const wrong = new WrittenLog(there ?? 0, APPENDED).append({
      key: 'c1',
      value: new TextEncoder().encode('{"type":"track","event":"Order Completed","userId":"c1"}'),
      headers: [],
    });
    const [forwarded] = await readThrough(wrong, there ?? 0, { partitions: 2 });
    expect(forwarded).toMatchObject({ topic: TOPIC.activity, partition: here, key: 'default:c1' });
    const right = new WrittenLog(here ?? 0, APPENDED + 10_000).command(publish);
    if (forwarded !== undefined) right.append(forwarded).append(forwarded);
    const facts = byCustomer(await readThrough(right, here ?? 0, { partitions: 2 }), TOPIC.stageChanged).get('c1');
    expect(facts).toHaveLength(2);
    expect(facts?.[0]).toContain('"occurredAt":"2026-01-01T00:00:00.000Z"');
  });
  it.each(['абвгдежз', '山田太郎', 'c1'])(
    'belongs where %s leads with its tenant, however long its bytes are',
    async (customer) => {
      for (const partition of [0, 1]) {
        const value = new TextEncoder().encode(`{"type":"track","event":"Order Completed","userId":"${customer}"}`);
        const log = new WrittenLog(partition, APPENDED).command(publish).append({ key: customer, value, headers: [] });
        const [first] = await readThrough(log, partition, { partitions: 2 });
        const isHome = partitionFor(`default:${customer}`, 2) === partition;
        expect(first?.topic).toBe(isHome ? TOPIC.stageChanged : TOPIC.activity);
      }
    },
  );
});

describe('a micro-batch', () => {
  const commitsOf = async (
    log: WrittenLog,
    batchBytes: number,
  ): Promise<{ commits: number[]; records: OutRecord[] }> => {
    const commits: number[] = [];
    const observer = { batch: (_: number, { records }: { readonly records: number }) => commits.push(records) };
    const records = await readThrough(log, 0, { limits: { batchBytes }, observer });
    return { commits, records };
  };
  it('ends at the record with which it has taken in so many bytes, whatever the number of records', async () => {
    const log = new WrittenLog(0, APPENDED);
    for (let n = 0; n < 10; n++) log.append({ key: 'c1', value: new Uint8Array(1_000), headers: [] });
    const { commits, records } = await commitsOf(log, 1_500);
    expect(commits).toEqual([2, 2, 2, 2, 2]);
    expect(records.map(({ value }) => value?.length)).toEqual(Array.from({ length: 10 }, () => 1_000));
  });
  it('ends when what it states is large, though what it took in is not; no fact changes by it', async () => {
    const log = busyLog();
    const whole = await commitsOf(log, 1_000_000);
    const cut = await commitsOf(log, 2_000);
    expect(cut.commits.length).toBeGreaterThan(whole.commits.length);
    expect(bytes(cut.records)).toEqual(bytes(whole.records));
  });
});

describe('headers of a record', () => {
  const headers = [
    { name: 'raw', value: Uint8Array.of(0xff, 0x00, 0x80, 0xfe) },
    { name: 'twice', value: new TextEncoder().encode('first') },
    { name: 'null', value: null },
    { name: 'twice', value: new TextEncoder().encode('second') },
    { name: Uint8Array.of(0xfe, 0xff), value: new Uint8Array(0) },
  ];
  it.each(['{"type":"track","event":"x","userId":"c1"}', 'no json'])(
    'go on byte for byte and in their order, in a forward and in a dead letter: %s',
    async (text) => {
      for (const partition of [0, 1]) {
        const log = new WrittenLog(partition, APPENDED).append({ key: 'c1', value: text, headers });
        const [record] = await readThrough(log, partition, { partitions: 2 });
        const [first] = headers;
        const at = record?.headers.findIndex(({ name }) => name === first?.name) ?? -1;
        expect(record?.headers.slice(at, at + headers.length)).toEqual(headers);
      }
    },
  );
});

describe('a record that is too large', () => {
  it('by the bytes of its headers is set aside where it stands: no forward or dead letter is larger than its topic takes', async () => {
    const activity = JSON.stringify({ type: 'track', event: 'x', userId: 'c1', properties: { text: '' } });
    const value = activity.replace('""', `"${'x'.repeat(1024 * 1024 - activity.length)}"`);
    const many = Object.fromEntries(Array.from({ length: 8_000 }, (_, n) => [`perennial-${n}`, 'y'.repeat(30)]));
    for (const headers of [
      { a: '山'.repeat(32_000) },
      { a: '山'.repeat(10_900), ...{ b: '' } },
      many,
      { a: 'x'.repeat(32_700) },
    ]) {
      for (const partition of [0, 1]) {
        const log = new WrittenLog(partition, APPENDED).append({ key: 'c1', value, headers: headersOf(headers) });
        const [first] = await readThrough(log, partition, { partitions: 2 });
        if (first === undefined) throw new Error('nothing was published');
        const most = first.topic === TOPIC.activity ? MAX_RECORD_BYTES : MAX_DEAD_LETTER_BYTES;
        expect(recordBytes(first) + BATCH_FRAMING_BYTES).toBeLessThanOrEqual(most);
      }
    }
  });
  it('is set aside whole', async () => {
    const value = new Uint8Array(1024 * 1024 + 1).fill(32);
    const [letter] = await readThrough(new WrittenLog(0, APPENDED).append({ key: 'c1', value, headers: [] }), 0);
    expect(headerText(letter?.headers ?? [], 'perennial-cause')).toBe('too-large');
    expect(letter?.value?.length).toBe(value.length);
  });
});

describe('time sources', () => {
  const offset = (speed: number): WrittenLog =>
    new WrittenLog(0, APPENDED)
      .command({ type: 'perennial.command.publish-definition.v1', tenant, source: retail })
      .command({
        type: 'perennial.command.set-time-source.v1',
        tenant,
        source: { kind: 'offset', base: instant('2011-12-09T00:00:00Z'), from: APPENDED, speed },
      })
      .activity('c1', 'Order Completed', '2011-12-09T00:00:00Z');
  const movesOf = async (log: WrittenLog): Promise<number> =>
    byCustomer(await readThrough(log, 0), TOPIC.stageChanged).get('c1')?.length ?? 0;
  const days = (n: number): number => APPENDED + n * 86_400_000;
  const liveClock = (log: WrittenLog, stated: number, appended: number): WrittenLog => {
    const record = new WrittenLog(0, 0).clock({ scope: { kind: 'live' }, at: stated }).records[0];
    return record === undefined ? log : log.append(record, appended);
  };

  it('offset: the frozen end of history runs on from its start', async () => {
    expect(await movesOf(liveClock(offset(1), days(59), days(59)))).toBe(2);
    expect(await movesOf(liveClock(offset(1), days(60), days(60)))).toBe(3);
  });
  it('offset: at its speed', async () => {
    expect(await movesOf(liveClock(offset(60), days(1), days(1)))).toBe(3);
  });
  it('a clock that runs fast harms nobody: the append time bounds it', async () => {
    expect(await movesOf(liveClock(offset(1), days(90), days(1)))).toBe(2);
  });
  it('bootstrap keeps wall clocks away until it ends', async () => {
    const log = (): WrittenLog =>
      new WrittenLog(0, APPENDED)
        .command({ type: 'perennial.command.publish-definition.v1', tenant, source: retail })
        .command({ type: 'perennial.command.start-bootstrap.v1', tenant, customers: ['c1'] })
        .activity('c1', 'Order Completed', '2025-10-01T00:00:00Z')
        .activity('c2', 'Order Completed', '2025-10-01T00:00:00Z');
    const during = byCustomer(await readThrough(liveClock(log(), APPENDED, APPENDED), 0), TOPIC.stageChanged);
    expect([during.get('c1')?.length, during.get('c2')?.length]).toEqual([2, 3]);
    const ended = log().command({ type: 'perennial.command.end-bootstrap.v1', tenant, customers: null });
    expect(
      byCustomer(await readThrough(liveClock(ended, APPENDED, APPENDED), 0), TOPIC.stageChanged).get('c1'),
    ).toHaveLength(3);
  });
});

describe('a tenant of which the log has said nothing', () => {
  it('is not stored by a clock record, so that what is stored does not depend on who has read of it', async () => {
    const database = new FakeDatabase();
    const log = new WrittenLog(0, APPENDED).activity('c1', 'Order Completed', '2025-12-31T00:00:00Z');
    await readThrough(log.clock({ scope: { kind: 'live' }, at: APPENDED }), 0, { store: fakeStore(database) });
    expect(database.partition(0).tenants.size).toBe(0);
  });
});

describe('a published definition', () => {
  const publish = { type: 'perennial.command.publish-definition.v1', tenant, source: retail } as const;
  const next = retail.replace('version: 1', 'version: 2');

  it('is kept with who, why and the append time of its command; the same text again changes nothing', async () => {
    const database = new FakeDatabase();
    const log = new WrittenLog(0, APPENDED)
      .command({ ...publish, author: 'ann', reason: 'the first' })
      .command({ ...publish, author: 'bob', reason: 'once more' })
      .command({ ...publish, source: next });
    expect(await readThrough(log, 0, { store: fakeStore(database) })).toEqual([]);
    expect(database.partition(0).tenants.get(tenant)?.definitions).toEqual([
      { source: retail, author: 'ann', reason: 'the first', publishedAt: APPENDED },
      { source: next, author: null, reason: null, publishedAt: APPENDED + 2 },
    ]);
  });

  it('counts the customers who entered in each version, whatever becomes of them', async () => {
    const database = new FakeDatabase();
    const log = history().activity('a', 'Order Completed', '2011-01-01T00:00:00Z');
    log.activity('b', 'Order Completed', '2011-01-01T00:00:00Z').command({ ...publish, source: next });
    log
      .activity('a', 'Order Completed', '2011-01-05T00:00:00Z')
      .activity('c', 'Order Completed', '2011-01-06T00:00:00Z');
    await readThrough(log.clock(clockAt('2012-01-01T00:00:00Z')), 0, { store: fakeStore(database) });
    const { totals } = database.partition(0);
    expect([1, 2].map((version) => totals.get(`default:definition:${version}`))).toEqual([2, 1]);
  });
});
