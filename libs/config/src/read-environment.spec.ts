import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collectorEnvironment } from './collector-environment';
import { engineEnvironment, type EngineEnvironment } from './engine-environment';
import { ConfigurationError, environmentWith, readEnvironment, type Environment } from './read-environment';
import { toolEnvironment } from './tool-environment';

const key = 'k'.repeat(64);
const least: Environment = {
  KAFKA_BROKERS: 'broker:9092',
  DATABASE_URL: 'postgres://u:geheim@db:5432/perennial',
  PERENNIAL_KEY: key,
};

const read = (set: Environment = {}): EngineEnvironment => readEnvironment(engineEnvironment, { ...least, ...set });
function problems(set: Environment): readonly string[] {
  try {
    read(set);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
}

describe('readEnvironment', () => {
  it('fills in the documented defaults', () => {
    expect(read()).toEqual({
      kafka: {
        brokers: ['broker:9092'],
        ssl: false,
        sasl: null,
        sessionTimeoutMs: 6000,
        heartbeatMs: 1000,
        requestTimeoutMs: 3000,
      },
      database: {
        groups: [{ first: 0, last: 3, url: 'postgres://u:geheim@db:5432/perennial' }],
        ssl: null,
        queryTimeoutMs: 10_000,
      },
      topics: { prefix: '', partitions: 4, replication: 3 },
      http: { host: '127.0.0.1', port: 8080 },
      logLevel: 'info',
      leaseMs: 3000,
      requestTimeoutMs: 3000,
      batchMax: 5000,
      queueHighWater: 20_000,
      stateCacheBytes: 1_073_741_824,
      stateLog: { logBytes: 33_554_432, rowsBehindMs: 30_000 },
      key,
    });
  });

  it('trims values and takes an empty one as not set', () => {
    expect(read({ KAFKA_BROKERS: ' a:1 , b:2 ', PARTITIONS: '  ' })).toMatchObject({
      kafka: { brokers: ['a:1', 'b:2'] },
      topics: { partitions: 4 },
    });
  });

  it('names every problem in one message, with the value and the remedy', () => {
    expect(
      problems({
        KAFKA_BROKERS: 'localhost',
        PARTITIONS: '0',
        HTTP_PORT: '8o80',
        DATABASE_URL: '',
        LOG_LEVEL: 'loud',
        KAFKA_SSL: 'yes',
      }),
    ).toEqual([
      'KAFKA_BROKERS: expected host:port, several joined by commas, got "localhost"',
      'KAFKA_SSL: expected true or false, got "yes"',
      'PARTITIONS: expected a whole number from 1 to 1000, got "0"',
      'HTTP_PORT: expected a whole number from 0 to 65535, got "8o80"',
      'LOG_LEVEL: expected one of trace, debug, info, warn, error, fatal, silent, got "loud"',
      expect.stringMatching(/^DATABASE_URL: not set\. PostgreSQL database, as postgres:/),
    ]);
  });

  it('reads as one message for people', () => {
    expect(() => read({ PARTITIONS: 'four' })).toThrow(
      'The configuration is not valid:\n  PARTITIONS: expected a whole number from 1 to 1000, got "four"',
    );
  });

  it('never prints a secret', () => {
    const message = problems({
      DATABASE_URL: 'mysql://u:geheim@db/x',
      PERENNIAL_KEY: 'geheim',
      KAFKA_SASL_PASSWORD: 'geheim',
    }).join('\n');
    expect(message).toContain('DATABASE_URL: expected postgres://');
    expect(message).toContain('PERENNIAL_KEY: expected at least 32 characters');
    expect(message).toContain('KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD go together');
    expect(message).not.toContain('geheim');
  });

  it.each([
    ['PERENNIAL_KEY_FIEL', 'unknown variable. Did you mean PERENNIAL_KEY_FILE?'],
    ['PERENNIAL_COLOUR', 'unknown variable. See docs/configuration.md for the known ones.'],
    ['KAFKA_BROKER', 'unknown variable. Did you mean KAFKA_BROKERS?'],
    ['DATABASE_URI', 'unknown variable. Did you mean DATABASE_URL?'],
  ])('refuses the misspelt %s', (name, message) => {
    expect(problems({ [name]: 'x' })).toEqual([`${name}: ${message}`]);
  });

  it('leaves the variables of others alone', () => {
    expect(problems({ KAFKA_HEAP_OPTS: '-Xmx1g', HTTPS_PORT: '443', PATH: '/bin' })).toEqual([]);
  });
});

describe('rules over several variables', () => {
  it.each<[string, Environment, string]>([
    [
      'a heartbeat slower than half the session',
      { HEARTBEAT_MS: '3000' },
      'HEARTBEAT_MS: must be less than half of SESSION_TIMEOUT_MS',
    ],
    ['a lease longer than the session', { LEASE_MS: '6001' }, 'LEASE_MS: must be at most SESSION_TIMEOUT_MS'],
    [
      'a request longer than the session',
      { REQUEST_TIMEOUT_MS: '6000' },
      'REQUEST_TIMEOUT_MS: must be less than SESSION_TIMEOUT_MS',
    ],
    ['a queue smaller than a batch', { QUEUE_HIGH_WATER: '4999' }, 'QUEUE_HIGH_WATER: must be at least BATCH_MAX'],
    [
      'half a log-in',
      { KAFKA_SASL_USERNAME: 'u' },
      'KAFKA_SASL_MECHANISM: KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and',
    ],
    ['certificates without TLS', { KAFKA_SSL_CA_FILE: __filename }, 'KAFKA_SSL: must be true when'],
    [
      'a certificate without its key',
      { KAFKA_SSL: 'true', KAFKA_SSL_CERT_FILE: __filename },
      'KAFKA_SSL_CERT_FILE: KAFKA_SSL_CERT_FILE and',
    ],
    [
      'an authority that nothing is compared with',
      { DATABASE_SSL: 'require', DATABASE_SSL_CA_FILE: __filename },
      'DATABASE_SSL_CA_FILE: needs',
    ],
    [
      'TLS said twice',
      { DATABASE_SSL: 'require', DATABASE_URL: 'postgres://db/x?sslmode=disable' },
      'DATABASE_SSL: DATABASE_URL says sslmode too',
    ],
    ['two keys', { PERENNIAL_KEY_FILE: __filename }, 'PERENNIAL_KEY: set exactly one of'],
    ['no key', { PERENNIAL_KEY: '' }, 'PERENNIAL_KEY: set exactly one of'],
    ['in-process beside brokers', { KAFKA_BROKERS: 'in-process,a:1' }, 'KAFKA_BROKERS: in-process cannot be joined'],
  ])('refuse %s', (_, set, expected) => {
    expect(problems(set)).toEqual([expect.stringContaining(expected)]);
  });

  it('are told beside problems of other variables, and stay silent on variables that are wrong themselves', () => {
    expect(problems({ PARTITIONS: 'x', HEARTBEAT_MS: '5000' })).toHaveLength(2);
    expect(problems({ HEARTBEAT_MS: 'x' })).toEqual([
      'HEARTBEAT_MS: expected a whole number from 50 to 100000, got "x"',
    ]);
  });
});

describe('files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'perennial-config-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  it('give the key and the certificates', () => {
    const set = {
      PERENNIAL_KEY: '',
      PERENNIAL_KEY_FILE: file('key', `${key}\n`),
      KAFKA_SSL: 'true',
      KAFKA_SSL_CA_FILE: file('ca.pem', 'CA'),
      KAFKA_SASL_MECHANISM: 'scram-sha-512',
      KAFKA_SASL_USERNAME: 'u',
      KAFKA_SASL_PASSWORD: 'p',
      DATABASE_SSL: 'verify-full',
      DATABASE_SSL_CA_FILE: file('db.pem', 'DB'),
    };
    expect(read(set)).toMatchObject({
      key,
      kafka: { ssl: { ca: 'CA' }, sasl: { mechanism: 'scram-sha-512', username: 'u', password: 'p' } },
      database: { ssl: { rejectUnauthorized: true, ca: 'DB' } },
    });
  });

  it('that cannot be read are named', () => {
    expect(problems({ PERENNIAL_KEY: '', PERENNIAL_KEY_FILE: join(folder, 'absent') })).toEqual([
      expect.stringContaining('PERENNIAL_KEY_FILE: expected a readable file (ENOENT), got'),
    ]);
  });

  it('are UTF-8, with a byte order mark or without: a letter read wrongly would open nothing', () => {
    const path = join(folder, 'latin1');
    writeFileSync(path, Buffer.from(`clé-${key}`, 'latin1'));
    const [problem] = problems({ PERENNIAL_KEY: '', PERENNIAL_KEY_FILE: path });
    expect(problem).toMatch(/^PERENNIAL_KEY_FILE: the file is not UTF-8; save it as UTF-8/);
    expect(read({ PERENNIAL_KEY: '', PERENNIAL_KEY_FILE: file('marked', `\ufeff${key}`) }).key).toBe(key);
  });
});

describe('the collector', () => {
  const folder = mkdtempSync(join(tmpdir(), 'perennial-write-keys-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const collector = (keys: string, set: Environment = {}) => {
    writeFileSync(join(folder, 'keys.json'), keys);
    const WRITE_KEYS_FILE = join(folder, 'keys.json');
    return readEnvironment(collectorEnvironment, { KAFKA_BROKERS: 'broker:9092', WRITE_KEYS_FILE, ...set });
  };

  it('needs brokers and write keys only, and shares the settings of Kafka with the engine', () => {
    expect(collector('{"0123456789abcdef":"shop"}')).toEqual({
      kafka: read().kafka,
      topicPrefix: '',
      http: { host: '127.0.0.1', port: 8081 },
      inFlightBytes: 33_554_432,
      connections: 1_000,
      origins: { pages: new Set(), webhooks: new Set() },
      writeKeys: new Map([['0123456789abcdef', 'shop']]),
      database: null,
      logLevel: 'info',
    });
    expect(() => collector('{"0123456789abcdef":"shop"}', { HEARTBEAT_MS: '5000' })).toThrow('HEARTBEAT_MS: must be');
  });

  it('takes write keys from the database of partition 0, with or without a file', () => {
    const of = (set: Environment) => readEnvironment(collectorEnvironment, { KAFKA_BROKERS: 'broker:9092', ...set });
    const url = 'postgres://u:geheim@db/x';
    const database = { url, ssl: null, queryTimeoutMs: 10_000 };
    expect(of({ DATABASE_URL: url })).toMatchObject({ writeKeys: new Map(), database });
    expect(of({ DATABASE_URLS: `8-15=postgres://u@other/y,0-7=${url}` })).toMatchObject({ database });
    expect(of({ DATABASE_URL: url, DATABASE_SSL: 'require' }).database?.ssl).toEqual({ rejectUnauthorized: false });
    const both = collector('{"0123456789abcdef":"shop"}', { DATABASE_URL: url });
    expect(both).toMatchObject({ writeKeys: new Map([['0123456789abcdef', 'shop']]), database });
    expect(() => of({})).toThrow(
      'WRITE_KEYS_FILE: not set. File with the write keys, as JSON: {"key": "tenant"}; or set',
    );
    expect(() => of({ DATABASE_URLS: `8-15=${url}` })).toThrow('DATABASE_URLS: no entry has partition 0');
    expect(() => of({ DATABASE_URLS: `0=${url}`, DATABASE_URL: url })).toThrow(
      'DATABASE_URLS: DATABASE_URL is set too',
    );
  });

  it('allows the origins that are listed, and names those that are wrong without the rest of the list', () => {
    const keys = '{"0123456789abcdef":"shop"}';
    const COLLECTOR_CORS_ORIGINS = 'https://shop.example.org,http://localhost:3000';
    expect(collector(keys, { COLLECTOR_CORS_ORIGINS, COLLECTOR_WEBHOOK_ORIGINS: '*' }).origins).toEqual({
      pages: new Set(['https://shop.example.org', 'http://localhost:3000']),
      webhooks: 'any',
    });
    expect(() => collector(keys, { COLLECTOR_CORS_ORIGINS: 'https://a.example,https://b.example/' })).toThrow(
      /COLLECTOR_CORS_ORIGINS: entry 2, "https:\/\/b.example\/": expected the origin alone, as browsers send it: https:\/\/b.example$/,
    );
  });

  it.each([
    ['["geheim"]', 'expected a file with one JSON object, {"key": "tenant"}'],
    ['{"geheim', 'expected a file with one JSON object, {"key": "tenant"}'],
    ['{}', 'the file holds no key; the collector would refuse everything'],
    ['{"geheim":"shop"}', 'a key in the file is shorter than 16 characters'],
    ['{"geheimgeheim:geheim":"shop"}', 'a key in the file has a character that is not ASCII, a space or a colon'],
    ['{"geheimgeheimgeheim":"a:b"}', 'a key in the file has no tenant: 1 to 64 characters without a colon'],
    ['{"geheimgeheimgeheim":5}', 'a key in the file has no tenant: 1 to 64 characters without a colon'],
  ])('refuses the write keys %s and shows none', (keys, problem) => {
    expect(() => collector(keys)).toThrow(`WRITE_KEYS_FILE: ${problem}`);
    expect(() => collector(keys)).not.toThrow('geheim');
  });
});

it('gives no broker settings for the log inside the process', () => {
  expect(read({ KAFKA_BROKERS: 'in-process' }).kafka).toBeNull();
});

it('an environment for another program keeps what the user said, unless it is set', () => {
  const user = { PARTITIONS: '8', LOG_LEVEL: ' ', HTTP_PORT: '1' };
  expect(environmentWith({ HTTP_PORT: '9000' }, { PARTITIONS: '2', LOG_LEVEL: 'warn' }, user)).toEqual({
    PARTITIONS: '8',
    LOG_LEVEL: 'warn',
    HTTP_PORT: '9000',
  });
});

it('tells the command line of a mistake in any variable', () => {
  expect(() => readEnvironment(toolEnvironment, { BATCH_MAX: 'many' })).toThrow('BATCH_MAX: expected a whole number');
});

it('lets the command line start without any variable', () => {
  expect(readEnvironment(toolEnvironment, {})).toMatchObject({
    log: { kind: 'own' },
    database: null,
    home: null,
    ci: false,
  });
});
