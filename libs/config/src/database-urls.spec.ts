import { engineEnvironment, type EngineEnvironment } from './engine-environment';
import { type Environment, readEnvironment } from './read-environment';
import { toolEnvironment } from './tool-environment';

const least: Environment = { KAFKA_BROKERS: 'broker:9092', PARTITIONS: '8', PERENNIAL_KEY: 'k'.repeat(64) };
const read = (set: Environment): EngineEnvironment => readEnvironment(engineEnvironment, { ...least, ...set });
const a = 'postgres://u:geheim@one:5432/a';
const b = 'postgres://u:geheim@two/b';

describe('DATABASE_URLS', () => {
  it('gives each partition one database, in order of partitions', () => {
    expect(read({ DATABASE_URLS: `5-7=${b},0-4=${a}` }).database.groups).toEqual([
      { first: 0, last: 4, url: a },
      { first: 5, last: 7, url: b },
    ]);
  });

  it('may be written over several lines, with a single partition', () => {
    const { groups } = read({ DATABASE_URLS: `0-6=${a}\n  7=${b},\n` }).database;
    expect(groups.map(({ first, last }) => [first, last])).toEqual([
      [0, 6],
      [7, 7],
    ]);
  });

  it('is handed on to services as it was given', () => {
    const { database } = readEnvironment(toolEnvironment, { DATABASE_URLS: `0-6=${a}\n7=${b}` });
    expect(database).toEqual({ variable: 'DATABASE_URLS', value: `0-6=${a},7-7=${b}` });
    expect(read({ [database?.variable ?? '']: database?.value }).database.groups).toHaveLength(2);
  });

  it.each<[string, Environment, string]>([
    [
      'beside DATABASE_URL',
      { DATABASE_URLS: `0-7=${a}`, DATABASE_URL: a },
      'DATABASE_URL is set too; keep one of them',
    ],
    ['without partitions', { DATABASE_URLS: a }, 'entry 1: expected FIRST-LAST=postgres://'],
    ['with a range upside down', { DATABASE_URLS: `0-3=${a},7-4=${b}` }, 'entry 2: 7-4 is no range of partitions'],
    [
      'with another URL',
      { DATABASE_URLS: `0-7=mysql://u:geheim@x/y` },
      'entry 1 (partitions 0-7): expected postgres://',
    ],
    [
      'with a comma in a password',
      { DATABASE_URLS: `0-7=postgres://u:a,geheim@x/y` },
      'entry 1 (partitions 0-7): expected',
    ],
    [
      'with a partition left out',
      { DATABASE_URLS: `0-2=${a},5-7=${b}` },
      'partition 3, 4 is in no entry; PARTITIONS=8',
    ],
    ['with a partition twice', { DATABASE_URLS: `0-4=${a},4-7=${b}` }, 'partition 4 is in more than one entry'],
    ['beyond the partitions', { DATABASE_URLS: `0-3=${a},4-8=${b}` }, 'entry 2 goes to partition 8, but PARTITIONS=8'],
    ['with a database twice', { DATABASE_URLS: `0-3=${a},4-7=postgres://v@one/a` }, 'entries 1 and 2 lead to the same'],
  ])('%s is refused, and shows no password', (_, set, problem) => {
    expect(() => read(set)).toThrow(`DATABASE_URLS: ${problem}`);
    expect(() => read(set)).not.toThrow('geheim');
  });

  it('says TLS once, whichever entry says it', () => {
    const set = { DATABASE_SSL: 'require', DATABASE_URLS: `0-3=${a},4-7=${b}?sslmode=disable` };
    expect(() => read(set)).toThrow('DATABASE_SSL: DATABASE_URL says sslmode too');
  });

  it('beside DATABASE_URL is refused by the command line, too', () => {
    expect(() => readEnvironment(toolEnvironment, { DATABASE_URLS: `0-7=${a}`, DATABASE_URL: a })).toThrow('set too');
  });
});
