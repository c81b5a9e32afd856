import { type FreshDatabase, freshDatabase } from '@perennial/testing';
import { type Database, openDatabase } from '../postgres/database';
import { migrate } from '../schema/migrate';
import { createDeadLetterResolutions, type DeadLetterResolutions } from './dead-letter-resolutions';

const LONG = 3_600_000;
let fresh: FreshDatabase;
let database: Database;
let resolutions: DeadLetterResolutions;
beforeAll(async () => {
  fresh = await freshDatabase(migrate);
  database = openDatabase({ url: fresh.url });
  resolutions = createDeadLetterResolutions(database);
});
afterAll(async () => {
  await database.close();
  await fresh.drop();
});

const letter = (partition: number, offset: number, sentAfter = 100) => ({ partition, offset, sentAfter });

describe('resolutions of dead letters', () => {
  it('give each dead letter to one of many who begin together (1)', async () => {
    const letters = [letter(0, 1), letter(0, 2), letter(1, 1)];
    const begun = await Promise.all(
      Array.from({ length: 6 }, (_, n) => resolutions.begin(n % 2 === 0 ? letters : letters.toReversed(), 'ann', LONG)),
    );
    expect(begun.flat()).toHaveLength(3);
    expect(begun.flat().every(({ again }) => !again)).toBe(true);
  });

  it('remember what was begun before it is sent, and what was sent (2)', async () => {
    await resolutions.begin([letter(2, 1)], 'ann', LONG);
    expect((await resolutions.of([letter(2, 1), letter(2, 2)])).get('2:1')).toMatchObject({
      state: 'replaying',
      by: 'ann',
    });
    await resolutions.end([letter(2, 1), letter(2, 2)]);
    const of = await resolutions.of([letter(2, 1), letter(2, 2)]);
    expect([...of].map(([id, { state }]) => [id, state])).toEqual([['2:1', 'replayed']]);
  });

  it('hand an attempt that was given up to the next caller, with where the first one began', async () => {
    await resolutions.begin([letter(3, 1, 50)], 'ann', LONG);
    expect(await resolutions.begin([letter(3, 1, 90)], 'bob', LONG)).toEqual([]);
    expect(await resolutions.begin([letter(3, 1, 90)], 'bob', 0)).toEqual([
      { partition: 3, offset: 1, again: true, sentAfter: 50 },
    ]);
  });

  it('take many at once, new and given up ones together, each for one caller (1)', async () => {
    const many = Array.from({ length: 6_000 }, (_, offset) => letter(9, offset));
    await resolutions.begin(many.slice(0, 1_000), 'ann', LONG);
    const text = "UPDATE dead_letter_resolution SET resolved_at = now() - interval '2 hours' WHERE partition = 9";
    await database.query({ name: 'spec-long-ago', text, values: [] });
    const begun = await Promise.all([
      resolutions.begin(many, 'bob', LONG),
      resolutions.begin(many.toReversed(), 'cid', LONG),
    ]);
    const all = begun.flat();
    expect(new Set(all.map(({ offset }) => offset)).size).toBe(6_000);
    expect(all).toHaveLength(6_000);
    expect(all.filter(({ again }) => again)).toHaveLength(1_000);
  });

  it('never hand out again what was replayed or dropped', async () => {
    await resolutions.begin([letter(4, 1)], 'ann', LONG);
    await resolutions.end([letter(4, 1)]);
    expect(await resolutions.drop([letter(4, 2)], 'ann', 'test traffic')).toBe(1);
    expect(await resolutions.begin([letter(4, 1), letter(4, 2)], 'bob', 0)).toEqual([]);
    expect(await resolutions.drop([letter(4, 1), letter(4, 2)], 'bob', 'again')).toBe(0);
    expect((await resolutions.of([letter(4, 2)])).get('4:2')).toMatchObject({
      state: 'dropped',
      by: 'ann',
      reason: 'test traffic',
    });
  });
});
