import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Decoded, decodeRecord, type StageChanged, TOPIC } from '@perennial/contracts';
import { type CustomerId, DEFAULT_TENANT } from '@perennial/values';
import {
  byCustomer,
  Chance,
  describeImportStatuses,
  fakeImportStatuses,
  ImportWorld,
  Killed,
  pastOf,
  readThrough,
} from '@perennial/testing';
import type { Ending, ImportPhase, PastRow, ImportJob } from './ports';
import { runImport } from './run-import';

const retail = readFileSync(join(__dirname, '../../definition/templates/retail.yaml'), 'utf8');
const DAY = 86_400_000;
const start = Date.UTC(2024, 0, 1);
const now = Date.UTC(2026, 0, 1);
const NAME = 'orders';

/** Three customers; every fourth row has an id of its own; some come together. */
const rows: readonly PastRow[] = Array.from({ length: 28 }, (_, index) => ({
  row: index + 1,
  id: index % 4 === 0 ? `id ${index}` : null,
  customer: `c${index % 3}` as CustomerId,
  type: 'track',
  event: 'Order Completed',
  at: start + Math.floor(index / 3) * 20 * DAY,
  properties: { total: index, currency: 'GBP' },
}));
const newest = rows.at(-1)?.at ?? 0;

function job(change: Partial<ImportJob> = {}): ImportJob {
  return {
    ...{ name: NAME, tenant: DEFAULT_TENANT, input: 'orders.csv', history: pastOf(rows), startedBy: 'ada' },
    ...{ ending: 'offset', partitions: 2, recentIds: 8 },
    ...change,
  };
}

const aWorld = (partitions = 2): ImportWorld => new ImportWorld(partitions, now, retail);

/** Runs until the importer is killed or done; whether it was killed. */
async function isKilled(world: ImportWorld, killAt: number | null, change: Partial<ImportJob> = {}): Promise<boolean> {
  world.steps = 0;
  world.killAt = killAt;
  try {
    await runImport(job(change), world.ports());
    return false;
  } catch (error) {
    if (error instanceof Killed) return true;
    throw error;
  }
}

/** Killed as soon as that phase was entered. */
async function killedEntering(phase: ImportPhase, change: Partial<ImportJob>): Promise<ImportWorld> {
  for (let step = 1; ; step++) {
    const world = aWorld();
    if (!(await isKilled(world, step, change))) throw new Error(`There is no phase ${phase}.`);
    if ((await world.statuses.find(NAME))?.phase === phase) return world;
  }
}

/** Moves of each customer as the engine states them over this log, aside from where and when they were decided. */
async function factsOf(world: ImportWorld): Promise<unknown> {
  const facts = new Map<string, unknown[]>();
  for (const [partition, records] of world.logs.entries()) {
    const published = await readThrough({ records }, partition, { partitions: world.partitions });
    for (const topic of [TOPIC.stageChanged, TOPIC.signal]) {
      for (const [customer, values] of byCustomer(published, topic)) {
        const read = values.map((value) => ({
          ...(JSON.parse(value) as StageChanged),
          decidedAt: 0,
          stateVersion: '',
        }));
        facts.set(`${topic} ${customer}`, read);
      }
    }
  }
  return Object.fromEntries(facts);
}

/** Of each partition: each activity where it came first, then the clock and how the tenant goes live. */
const withoutRepeats = (world: ImportWorld): readonly (readonly string[])[] =>
  world.logs.map((log) => [...new Set(log.map((record) => describeRecord(decodeRecord(record))))]);

function describeRecord(decoded: Decoded): string {
  if (decoded.kind === 'activity') return JSON.stringify(decoded.activity);
  return decoded.kind === 'command' ? decoded.command.type : decoded.kind;
}

describe('an import', () => {
  it('gives the same facts wherever it is killed, and goes on to its end', async () => {
    const whole = aWorld();
    expect(await isKilled(whole, null)).toBe(false);
    const [expected, steps] = [await factsOf(whole), whole.steps];
    expect(steps).toBeGreaterThan(30);
    for (let step = 1; step <= steps; step++) {
      const world = aWorld();
      expect(await isKilled(world, step)).toBe(true);
      expect(await isKilled(world, null)).toBe(false);
      expect((await world.statuses.find(NAME))?.phase).toBe('done');
      expect({ step, log: withoutRepeats(world) }).toEqual({ step, log: withoutRepeats(whole) });
      // An engine for each step would take most of the time.
      if (step % 6 === 0) expect({ step, facts: await factsOf(world) }).toEqual({ step, facts: expected });
    }
  });

  it('gives the same facts killed five times', async () => {
    const whole = aWorld();
    await isKilled(whole, null);
    const expected = await factsOf(whole);
    for (let seed = 1; seed <= 8; seed++) {
      const [chance, world] = [new Chance(seed, 'kills'), aWorld()];
      for (let kill = 0; kill < 5; kill++) await isKilled(world, chance.between(1, whole.steps));
      await isKilled(world, null);
      expect({ seed, facts: await factsOf(world) }).toEqual({ seed, facts: expected });
    }
  });

  it('that is done sends nothing', async () => {
    const world = aWorld();
    await isKilled(world, null);
    const sent = world.logs.map((log) => log.length);
    expect(await runImport(job(), world.ports())).toEqual({
      result: 'done-before',
      sent: 0,
      acknowledged: rows.length,
    });
    expect(world.logs.map((log) => log.length)).toEqual(sent);
  });

  it('sends again at most half of the ids that are remembered of a customer', async () => {
    const whole = aWorld();
    await isKilled(whole, null);
    const seen = new Set<number>();
    for (let step = 1; step <= whole.steps; step++) {
      const world = aWorld();
      await isKilled(world, step);
      await isKilled(world, null);
      const counts = new Map<string, number>();
      for (const decoded of world.decoded())
        if (decoded.kind === 'activity') {
          const { customer, id } = decoded.activity;
          counts.set(`${customer}/${id ?? ''}`, (counts.get(`${customer}/${id ?? ''}`) ?? 0) + 1);
        }
      const repeats = ['c0', 'c1', 'c2'].map(
        (customer) => [...counts].filter(([key, n]) => key.startsWith(customer) && n > 1).length,
      );
      for (const count of repeats) seen.add(count);
    }
    expect(Math.max(...seen)).toBe(4);
  });

  it('gives a row without an id one of its own, so that two equal rows stay two', async () => {
    const twice = [rows[1], rows[1]].flatMap((row, index) => (row === undefined ? [] : [{ ...row, row: index + 1 }]));
    const world = aWorld(1);
    await isKilled(world, null, { history: pastOf(twice), partitions: 1 });
    const ids = world.decoded().flatMap((decoded) => (decoded.kind === 'activity' ? [decoded.activity.id] : []));
    expect(ids).toEqual(['orders:1', 'orders:2']);
  });

  it('sends no activity while a partition has not obeyed its commands', async () => {
    const world = aWorld();
    world.deaf = [1];
    const refused = runImport(job(), world.ports());
    await expect(refused).rejects.toMatchObject({ code: 'IMPORT.NOT_OBEYED', name: 'InvalidInput' });
    await expect(refused).rejects.toThrow('not obeyed them in partition 1');
    expect(world.decoded().filter(({ kind }) => kind === 'activity')).toEqual([]);
    world.deaf = [];
    expect(await isKilled(world, null)).toBe(false);
  });

  it('stops when somebody else does it, too', async () => {
    const world = aWorld();
    const ports = world.ports();
    const send = ports.log.send.bind(ports.log);
    const disturbed = {
      ...ports,
      log: {
        send: async (records: Parameters<typeof send>[0]) => {
          const ends = await send(records);
          const status = await world.statuses.find(NAME);
          if (status?.phase === 'activities')
            await world.statuses.update(NAME, () => ({ ...status, acknowledged: 27 }));
          return ends;
        },
      },
    };
    await expect(runImport(job(), disturbed)).rejects.toMatchObject({ code: 'IMPORT.TWICE' });
  });

  it('ends between two chunks when it is interrupted, and can be resumed', async () => {
    const world = aWorld();
    const abort = new AbortController();
    const interrupted = { ...world.ports(), signal: abort.signal, onProgress: () => { abort.abort(); } }; // prettier-ignore
    await expect(runImport(job(), interrupted)).rejects.toThrow('aborted');
    expect(await world.statuses.find(NAME)).toMatchObject({ phase: 'activities', acknowledged: 0 });
    expect(await runImport(job(), world.ports())).toEqual({
      result: 'imported',
      sent: rows.length,
      acknowledged: rows.length,
    });
  });
});

describe('the clock of a tenant', () => {
  const sources = (world: ImportWorld) =>
    world
      .commands()
      .flatMap((command) => (command.type === 'perennial.command.set-time-source.v1' ? [command.source] : []));
  const run = async (ending: Ending, setUp: (world: ImportWorld) => void = () => undefined): Promise<ImportWorld> => {
    const world = aWorld();
    setUp(world);
    expect(await isKilled(world, null, { ending })).toBe(false);
    return world;
  };

  it('is in event time meanwhile, at the end of the history, and afterwards runs on from there', async () => {
    const [meanwhile, afterwards, ...more] = sources(await run('offset'));
    expect(meanwhile).toMatchObject({ kind: 'event' });
    expect(afterwards).toMatchObject({ kind: 'offset', base: newest, speed: 1 });
    expect(more).toEqual([]);
  });

  it('is brought to the end of the history, and on wall time to now', async () => {
    expect((await run('offset')).clocks()).toEqual([newest]);
    const [first, second, ...more] = (await run('wall')).clocks();
    expect([first, more]).toEqual([newest, []]);
    expect(second).toBeGreaterThanOrEqual(now);
  });

  it('is sent again until nothing is due', async () => {
    const world = await run('offset', (each) => {
      each.rounds = 3;
    });
    expect(world.clocks()).toEqual([newest, newest, newest]);
  });

  it('is not waited for for ever when it has no effect', async () => {
    const world = aWorld();
    world.rounds = Number.POSITIVE_INFINITY;
    await expect(runImport(job(), world.ports())).rejects.toMatchObject({ code: 'IMPORT.CLOCK_WITHOUT_EFFECT' });
  });

  it('on wall time tolerates what live producers send meanwhile', async () => {
    const [meanwhile, afterwards] = sources(await run('wall'));
    expect([meanwhile, afterwards]).toEqual([{ kind: 'event', aheadMs: 0 }, { kind: 'wall' }]);
  });

  it('does not go back when the last phase is done again later', async () => {
    const whole = await run('offset');
    for (let step = whole.steps - 20; step <= whole.steps; step++) {
      const world = aWorld();
      await isKilled(world, step);
      world.now += 10 * DAY;
      await isKilled(world, null);
      const afterwards = sources(world).filter(({ kind }) => kind === 'offset');
      expect(new Set(afterwards.map((source) => JSON.stringify(source))).size).toBe(1);
    }
  });

  it.each(['wall', 'late'] as const)(
    'fires as past what fell due since it was killed going live (%s)',
    async (ending) => {
      const recent = rows.map((row) => ({ ...row, at: row.at + now - newest - DAY }));
      const change = { ending, history: pastOf(recent) };
      const whole = aWorld();
      await isKilled(whole, null, change);
      const before = await factsOf(whole);
      const world = await killedEntering('live', change);
      world.now += 90 * DAY;
      expect(await isKilled(world, null, change)).toBe(false);
      const facts = Object.values((await factsOf(world)) as Record<string, StageChanged[]>).flat();
      expect(facts.length).toBeGreaterThan(Object.values(before as Record<string, unknown[]>).flat().length);
      expect(new Set(facts.map(({ mode }) => mode))).toEqual(new Set(['history']));
    },
  );

  it('is not sent again to a tenant that has gone live in a part', async () => {
    for (const ending of ['wall', 'late'] as const) {
      const world = await killedEntering('live', { ending });
      world.command({ type: 'perennial.command.end-bootstrap.v1', tenant: DEFAULT_TENANT, customers: null });
      const sent = world.clocks().length;
      await isKilled(world, null, { ending });
      expect(world.clocks()).toHaveLength(sent);
    }
  });

  it('is left as it is by a late import, and its deadlines fire up to its own time', async () => {
    const offset = { kind: 'offset', base: newest, from: now, speed: 2 } as const;
    const world = await run('late', (each) => {
      each.command({ type: 'perennial.command.set-time-source.v1', tenant: DEFAULT_TENANT, source: offset });
    });
    expect(sources(world)).toEqual([offset]);
    expect(world.commands().map(({ type }) => type.split('.')[2])).toEqual([
      'set-time-source',
      'start-bootstrap',
      'end-bootstrap',
    ]);
    expect(world.clocks()[0]).toBeGreaterThanOrEqual(newest);
  });
});

describe('an import of a name that is taken', () => {
  const begun = async (step: number): Promise<ImportWorld> => {
    const world = aWorld();
    await isKilled(world, step);
    return world;
  };

  it('is refused with other rows, once something was sent', async () => {
    const whole = aWorld();
    await isKilled(whole, null);
    const changed = { history: pastOf(rows, 'other rows') };
    const world = await begun(whole.steps - 30);
    await expect(runImport(job(changed), world.ports())).rejects.toMatchObject({ code: 'IMPORT.INPUT_CHANGED' });
    await expect(runImport(job(changed), whole.ports())).rejects.toThrow(
      'is done, with other rows than orders.csv has now',
    );
  });

  it('begins anew with other rows as long as nothing was sent', async () => {
    const world = await begun(5);
    expect(await world.statuses.find(NAME)).toMatchObject({ phase: 'prepare' });
    const changed = { history: pastOf(rows.slice(0, 9), 'other rows'), ending: 'wall' } as const;
    expect(await runImport(job(changed), world.ports())).toEqual({ result: 'imported', sent: 9, acknowledged: 9 });
  });

  it('is refused into another tenant, or with another clock', async () => {
    const whole = aWorld();
    await isKilled(whole, null);
    const world = await begun(whole.steps - 30);
    const other = { tenant: 'acme' as typeof DEFAULT_TENANT };
    await expect(runImport(job(other), world.ports())).rejects.toMatchObject({ code: 'IMPORT.OTHER_TENANT' });
    await expect(runImport(job({ ending: 'wall' }), world.ports())).rejects.toThrow('begun with --go-live offset');
  });
});

describeImportStatuses(fakeImportStatuses);
