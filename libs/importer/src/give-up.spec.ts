import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TimeSource } from '@perennial/contracts';
import { type CustomerId, DEFAULT_TENANT } from '@perennial/values';
import { ImportWorld, Killed, pastOf } from '@perennial/testing';
import { giveUp, type GivenUp } from './give-up';
import type { Ending, ImportPhase, PastRow } from './ports';
import { runImport } from './run-import';

const retail = readFileSync(join(__dirname, '../../definition/templates/retail.yaml'), 'utf8');
const DAY = 86_400_000;
const now = Date.UTC(2026, 0, 1);
const rows: readonly PastRow[] = Array.from({ length: 28 }, (_, index) => ({
  row: index + 1,
  id: null,
  customer: `c${index % 3}` as CustomerId,
  type: 'track',
  event: 'Order Completed',
  at: now - (60 - index) * DAY,
  properties: { total: index, currency: 'GBP' },
}));
const newest = rows.at(-1)?.at ?? 0;
const NAME = 'orders';

const importing = (world: ImportWorld, ending: Ending, name = NAME) =>
  runImport(
    {
      ...{ name, tenant: DEFAULT_TENANT, input: 'orders.csv', history: pastOf(rows), startedBy: 'ada' },
      ...{ ending, partitions: 2, recentIds: 4 },
    },
    world.ports(),
  );

const givingUp = (world: ImportWorld, goLive: 'wall' | 'offset' | null = null): Promise<GivenUp> =>
  giveUp({ name: NAME, tenant: DEFAULT_TENANT, goLive, partitions: 2 }, world.ports());

/** Whether it was killed. */
async function isKilled(world: ImportWorld, killAt: number | null, work: () => Promise<unknown>): Promise<boolean> {
  world.steps = 0;
  world.killAt = killAt;
  try {
    await work();
    return false;
  } catch (error) {
    if (error instanceof Killed) return true;
    throw error;
  }
}

/** Killed in that phase, with `least` activities acknowledged. */
async function abandoned(ending: Ending, phase: ImportPhase, least = 0): Promise<ImportWorld> {
  for (let step = 1; ; step++) {
    const world = new ImportWorld(2, now, retail);
    if (!(await isKilled(world, step, () => importing(world, ending)))) throw new Error(`There is no ${phase}.`);
    const stored = await world.statuses.find(NAME);
    if (stored?.phase !== phase || stored.acknowledged < least) continue;
    world.killAt = null;
    return world;
  }
}

const sourcesOf = (world: ImportWorld, partition = 0): readonly TimeSource[] =>
  world
    .commands(partition)
    .flatMap((command) => (command.type === 'perennial.command.set-time-source.v1' ? [command.source] : []));

const lastCommand = (world: ImportWorld, partition: number): string | undefined =>
  world.commands(partition).at(-1)?.type.split('.')[2];

describe('an import that is given up', () => {
  it('goes live on the clock it was begun with, with what was sent, and is done', async () => {
    for (const [ending, clock] of [
      ['offset', { base: newest, speed: 1 }],
      ['wall', { kind: 'wall' }],
    ] as const) {
      const world = await abandoned(ending, 'activities', 8);
      const { result, status } = await givingUp(world);
      expect(result).toBe('given-up');
      expect(status).toMatchObject({ phase: 'done', total: 28, ending });
      expect(status.acknowledged).toBeGreaterThanOrEqual(8);
      expect(status.acknowledged).toBeLessThan(28);
      expect(await world.statuses.find(NAME)).toEqual(status);
      for (const partition of [0, 1]) {
        expect(sourcesOf(world, partition).at(-1)).toMatchObject(clock);
        expect(lastCommand(world, partition)).toBe('end-bootstrap');
        expect(world.clocks(partition)[0]).toBe(newest);
      }
    }
  });

  it('ends the same wherever giving up is killed', async () => {
    const whole = await abandoned('offset', 'activities', 8);
    await isKilled(whole, null, () => givingUp(whole));
    for (let step = 1; step <= whole.steps; step++) {
      const world = await abandoned('offset', 'activities', 8);
      expect(await isKilled(world, step, () => givingUp(world))).toBe(true);
      world.now += DAY;
      await isKilled(world, null, () => givingUp(world));
      expect((await world.statuses.find(NAME))?.phase).toBe('done');
      for (const partition of [0, 1]) {
        expect({ step, last: lastCommand(world, partition) }).toEqual({ step, last: 'end-bootstrap' });
        const afterwards = sourcesOf(world, partition).filter(({ kind }) => kind === 'offset');
        expect(new Set(afterwards.map((source) => JSON.stringify(source))).size).toBe(1);
      }
    }
  });

  it('may go live on real time instead, as long as nothing of the past was fired; on no other clock', async () => {
    const world = await abandoned('offset', 'activities', 8);
    expect((await givingUp(world, 'wall')).status.ending).toBe('wall');
    expect(await world.statuses.find(NAME)).toMatchObject({ phase: 'done', ending: 'wall' });
    expect(sourcesOf(world).at(-1)).toEqual({ kind: 'wall' });
    for (const [ending, phase, asked] of [
      ['offset', 'clock', 'wall'],
      ['offset', 'live', 'wall'],
      ['wall', 'activities', 'offset'],
      ['late', 'activities', 'wall'],
    ] as const)
      await expect(givingUp(await abandoned(ending, phase), asked)).rejects.toMatchObject({
        code: 'IMPORT.OTHER_ENDING',
      });
  });

  it('of which only commands were sent leaves bootstrap, too; a tenant on its own is left alone', async () => {
    const world = await abandoned('wall', 'prepare');
    const own = { kind: 'offset', base: now, from: now, speed: 2 } as const;
    world.command({ type: 'perennial.command.set-time-source.v1', tenant: DEFAULT_TENANT, source: own });
    await givingUp(world);
    expect(sourcesOf(world)).toEqual([own]);
    expect((await world.statuses.find(NAME))?.phase).toBe('done');

    const prepared = await abandoned('wall', 'prepare');
    const source = { kind: 'event', aheadMs: 0 } as const;
    prepared.command({ type: 'perennial.command.set-time-source.v1', tenant: DEFAULT_TENANT, source });
    await givingUp(prepared);
    expect(sourcesOf(prepared).at(-1)).toEqual({ kind: 'wall' });
    expect(lastCommand(prepared, 1)).toBe('end-bootstrap');
  });

  it('is not given up under another that has sent activities', async () => {
    const world = await abandoned('wall', 'prepare');
    const other = await world.statuses.find(NAME);
    if (other !== null) await world.statuses.update('other', () => ({ ...other, phase: 'activities' }));
    await expect(givingUp(world)).rejects.toMatchObject({ code: 'IMPORT.UNFINISHED' });
  });

  it('sends nothing once it is done, and the same rows are done, too', async () => {
    const world = await abandoned('wall', 'activities', 8);
    const { status } = await givingUp(world);
    const sent = world.logs.map((log) => log.length);
    expect(await givingUp(world)).toEqual({ result: 'done-before', status });
    const { acknowledged } = status;
    expect(await importing(world, 'wall')).toEqual({ result: 'done-before', sent: 0, acknowledged });
    expect(world.logs.map((log) => log.length)).toEqual(sent);
  });

  it('is refused when there is none, or its end is not known', async () => {
    await expect(givingUp(new ImportWorld(2, now, retail))).rejects.toMatchObject({ code: 'IMPORT.UNKNOWN' });
    const world = await abandoned('wall', 'activities');
    const stored = await world.statuses.find(NAME);
    if (stored !== null) await world.statuses.update(NAME, () => ({ ...stored, newest: null }));
    await expect(givingUp(world)).rejects.toMatchObject({ code: 'IMPORT.END_UNKNOWN' });
  });
});
