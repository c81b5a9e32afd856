/**
 * An installation that earlier code left behind, killed at work, goes on with this code as if nothing had happened.
 *
 * What a folder holds says freeze.js: customers of a template and of a definition with nested and parallel states, histories and
 * `after`s; micro-batches that were committed and not published, states in the state log alone, an import half way, dead letters,
 * write keys. The oracle decides the whole log, what earlier code wrote of it included, with this code and without a fault.
 * A step that changes what facts say, or how states are packed, on purpose, compares what the folder had published or stored by
 * its meaning. The clock of the machine has to be later than when the folder was frozen.
 */
import { type StageChanged, TOPIC } from '@perennial/contracts';
import type { Installation } from '../e2e/installation';
import { waitFor } from '../e2e/wait-for';
import { progress } from '../integrity/harness/ground';
import { findings, type Findings } from '../integrity/harness/oracle';
import { queryAll } from '../integrity/harness/stored';
import { perennial } from '../ops/command-line';
import { frozenNames, FrozenFolder, type StoredRecord } from './frozen-folder';

/** This code at work on a frozen folder. */
export interface Ground {
  readonly installation: Installation;
  /** Address of the collector. */
  readonly collector: string;
  /** End of each partition of the activity topic. */
  ends(): Promise<ReadonlyMap<number, number>>;
  /** Stops what runs, in order; fails when that fails. May be called again. */
  stop(): Promise<void>;
  /** All records of a topic. To be called once all is stopped. */
  records(topic: string): Promise<readonly StoredRecord[]>;
}

/** Nothing waits to be published or checkpointed, and nothing of the tenant with short deadlines falls due soon. */
const UNFINISHED = `
SELECT (SELECT count(*)::int FROM deadline
        WHERE tenant = 'rhythm' AND due < extract(epoch FROM now()) * 1000 + 60000) +
       (SELECT count(*)::int FROM outbox) + (SELECT count(*)::int FROM state_log) AS left`;

/** Adds the tests of every frozen folder, on what `open` starts. */
export function describeGoingOn(where: string, open: (folder: FrozenFolder) => Promise<Ground>): void {
  describe.each(frozenNames)(`the data folder %s, ${where}`, (name) => {
    let folder: FrozenFolder;
    let ground: Ground;

    beforeAll(async () => {
      folder = await FrozenFolder.open(name);
      ground = await open(folder);
    }, 60_000);
    afterAll(async () => {
      await ground.stop();
      await ground.installation.remove();
      folder.remove();
    });

    const run = async (...args: readonly string[]): Promise<string> => {
      const { code, out, err } = await perennial(ground.installation, ...args);
      expect({ args, code, err: code === 0 ? '' : err }).toEqual({ args, code: 0, err: '' });
      return out;
    };
    const lines = async (...args: readonly string[]) =>
      (await run(...args, '--json'))
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>);

    const post = async (tenant: keyof FrozenFolder['frozen']['keys'], batch: readonly object[]): Promise<void> => {
      const headers = { authorization: `Bearer ${folder.frozen.keys[tenant]}`, 'content-type': 'application/json' };
      const body = JSON.stringify({ batch });
      await waitFor('the collector to take the key', async () =>
        (await fetch(`${ground.collector}/v1/batch`, { method: 'POST', headers, body })).ok ? true : null,
      );
    };

    it('was frozen with all that a crash may interrupt', () => {
      const tables = ['outbox', 'state_log', 'deadline', 'customer_state', 'write_key', 'dead_letter_resolution'];
      expect(tables.filter((table) => folder.rows(table).length === 0)).toEqual([]);
      expect(folder.frozen.acknowledged).toBeGreaterThan(0);
      expect(folder.frozen.acknowledged).toBeLessThan(folder.frozen.rows);
    });

    it('is read: tenants, definitions, write keys, dead letters and imports are what they were', async () => {
      const [tenants, keys, letters] = await Promise.all([
        lines('tenant', 'list'),
        lines('write-key', 'list'),
        lines('dead-letter', 'list', '--all'),
      ]);
      expect(tenants.map((tenant) => tenant['name']).sort()).toEqual(['bare', 'default', 'past', 'rhythm']);
      expect(keys).toMatchObject(
        folder.rows('write_key').map(({ id, tenant, label }) => ({ id: Number(id), tenant, label })),
      );
      expect(letters.map(({ cause }) => cause)).toEqual(Array(3).fill('no-definition'));
      expect(letters.filter(({ resolution }) => resolution !== null)).toHaveLength(
        folder.rows('dead_letter_resolution').length,
      );
    });

    it('goes on: new activity, deadlines that fell due, dead letters replayed, the import to its end', async () => {
      await post(
        'default',
        [1, 2, 70, 71].flatMap((n) => [order(`c${n}`, 'GBP', 1), order(`c${n}`, 'GBP', 2)]),
      );
      await post(
        'rhythm',
        [0, 1, 2, 3].flatMap((n) => [order(`r${n}`, 'EUR', 1), visit(`r${n}`)]),
      );
      const { map } = folder.frozen;
      const [imported] = await lines(
        ...['import', '--input', folder.past, '--map', map, '--name', 'past', '--tenant', 'past'],
        ...['--definition', 'retail', '--go-live', 'offset', '--yes'],
      );
      expect(imported).toMatchObject({ total: folder.frozen.rows, deadLetters: 0 });
      await run('definition', 'publish', 'retail', '--tenant', 'bare', '--reason', 'late');
      expect(await lines('dead-letter', 'replay', '--all')).toMatchObject([{ sent: 2 }]);
      await settled(ground);
      await ground.stop();
    }, 60_000);

    it('has the facts, states, deadlines and totals of an undisturbed run, each customer without a gap', async () => {
      const records = (topic: string) => ground.records(topic);
      const found = await findings({ databases: [folder.database], key: folder.key, records });
      expect(found.differences).toEqual([]);
      expect(gaps(found)).toEqual([]);
      expect(await records(TOPIC.deadLetter)).toHaveLength(3);
      expect(afters(found, 'rhythm:r9')).toBeGreaterThan(0);
    });
  });
}

const order = (userId: string, currency: string, n: number) => ({
  ...{
    type: 'track',
    event: currency === 'EUR' ? 'order' : 'Order Completed',
    userId,
    messageId: `after-${userId}-${n}`,
  },
  properties: { total: '12.50', currency },
});
const visit = (userId: string) => ({ type: 'track', event: 'visit', userId, messageId: `after-${userId}` });

async function settled(ground: Ground): Promise<void> {
  const { databases } = ground.installation;
  const atRest = async () => {
    const [ends, next] = [await ground.ends(), await progress({ databases })];
    const unfinished = await queryAll<{ left: number }>(databases, UNFINISHED);
    const isRead = [...ends].every(([partition, end]) => (next.get(partition) ?? 0) >= end);
    return isRead && unfinished.every(({ left }) => left === 0) ? true : null;
  };
  await waitFor('the log to be read to its end', atRest, 40_000);
}

const moves = ({ facts }: Findings): readonly (StageChanged & { readonly key: string })[] =>
  facts
    .filter(({ topic }) => topic === TOPIC.stageChanged)
    .map(({ key, value }) => ({ key, ...(JSON.parse(Buffer.from(value, 'latin1').toString('utf8')) as StageChanged) }));

/** Where the number of a customer's move does not follow that of the move before. */
function gaps(found: Findings): string[] {
  const last = new Map<string, number>();
  return moves(found).flatMap(({ key, sequence }) => {
    const expected = (last.get(key) ?? 0) + 1;
    last.set(key, sequence);
    return sequence === expected ? [] : [`${key}: ${sequence} in place of ${expected}`];
  });
}

/** Moves of a customer that only time made. */
const afters = (found: Findings, key: string): number =>
  moves(found).filter((move) => move.key === key && move.cause.kind === 'after').length;
