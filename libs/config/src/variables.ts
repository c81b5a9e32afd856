import { z } from 'zod';
import { pageOrigins, webhookOrigins, writeKeysFile } from './allowed-senders';
import { databaseUrl, databaseUrls } from './database-urls';
import { choice, flag, integer, textFile, variableDocs } from './variable';

const brokerList = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .refine(
    (brokers) =>
      brokers.every((broker) => broker === IN_PROCESS || /^[^\s:/]+:\d{1,5}$|^\[[0-9a-fA-F:]+\]:\d{1,5}$/.test(broker)),
    {
      error: 'expected host:port, several joined by commas',
    },
  );

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
const SSL_MODES = ['disable', 'require', 'verify-full'] as const;

/** The largest body of a request that the collector takes. */
export const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** Value of KAFKA_BROKERS for a log that lives in the process itself. */
export const IN_PROCESS = 'in-process';

/** Every variable any program of the installation reads. Names are closed: an unknown PERENNIAL_ name is an error. */
export const variables = {
  KAFKA_BROKERS: brokerList.register(variableDocs, {
    about:
      'Kafka brokers to start from, as host:port,host:port. `perennial up` and `npm start` start a broker of their own when it is not set.',
  }),
  KAFKA_SSL: flag.default(false).register(variableDocs, { about: 'Talk TLS to the brokers.' }),
  KAFKA_SSL_CA_FILE: textFile.optional().register(variableDocs, {
    about:
      'File with the certificate authority of the brokers, PEM. Without it the authorities that Node knows are trusted.',
  }),
  KAFKA_SSL_CERT_FILE: textFile
    .optional()
    .register(variableDocs, { about: 'File with the client certificate for mutual TLS, PEM.' }),
  KAFKA_SSL_KEY_FILE: textFile
    .optional()
    .register(variableDocs, { about: 'File with the key of the client certificate, PEM.', secret: true }),
  KAFKA_SASL_MECHANISM: choice(MECHANISMS).optional().register(variableDocs, {
    about: 'How to log in to the brokers. Without it there is no log-in.',
  }),
  KAFKA_SASL_USERNAME: z.string().optional().register(variableDocs, { about: 'User for the log-in to the brokers.' }),
  KAFKA_SASL_PASSWORD: z
    .string()
    .optional()
    .register(variableDocs, { about: 'Password for the log-in to the brokers.', secret: true }),
  DATABASE_URL: databaseUrl.optional().register(variableDocs, {
    about:
      'PostgreSQL database, as postgres://user:password@host:port/database. `perennial up` and `npm start` start a server of their own when it is not set. The collector reads write keys there, and can do without it where WRITE_KEYS_FILE is set. A pooler between must keep sessions (PgBouncer: `pool_mode = session`; not `transaction`, not `statement`): statements are prepared, and limits and locks are those of a session. No startup parameters need to be let through.',
    secret: true,
    defaultText: 'required, or DATABASE_URLS',
  }),
  DATABASE_URLS: databaseUrls.optional().register(variableDocs, {
    about:
      'Instead of DATABASE_URL: several PostgreSQL databases, each with the partitions whose state it holds, as 0-7=postgres://…/a,8-15=postgres://…/b (commas or line breaks between; a comma in a password as %2C). Every partition is in one of them. The one with partition 0 also holds what is not by partition: tenants, write keys, imports, and what became of dead letters. Each database remembers its partitions; a later change is refused at start. See docs/adr/0019.',
    secret: true,
  }),
  DATABASE_SSL: choice(SSL_MODES).optional().register(variableDocs, {
    about: 'TLS to PostgreSQL: `require` encrypts, `verify-full` also checks certificate and host name.',
    defaultText: 'what `sslmode` in the URL says, else none',
  }),
  DATABASE_SSL_CA_FILE: textFile.optional().register(variableDocs, {
    about: 'File with the certificate authority of the PostgreSQL server, PEM; for `verify-full`.',
  }),
  QUERY_TIMEOUT_MS: integer(100, 600_000).default(10_000).register(variableDocs, {
    about:
      'A statement without an answer for this long counts as a lost connection. Shorter: outages are noticed sooner. Longer: slow disks are forgiven.',
    unit: 'ms',
  }),
  TOPIC_PREFIX: z
    .string()
    .regex(/^[a-zA-Z0-9._-]{1,64}$/, 'expected up to 64 letters, digits, dots, dashes or underscores')
    .default('')
    .register(variableDocs, {
      about:
        'Put before every topic name and the consumer group, so that several installations can share a Kafka cluster. Never change it on an installation with data.',
    }),
  PARTITIONS: integer(1, 1_000).default(4).register(variableDocs, {
    about:
      'Partitions of every topic: the most engine instances that can work at the same time. Fixed when the topics are created; a later change is refused at start.',
    unit: 'partitions',
  }),
  REPLICATION_FACTOR: integer(1, 10).default(3).register(variableDocs, {
    about:
      'Copies of every record, on as many brokers. 1 where there is one broker; then a lost disk loses acknowledged activities. Used when topics are created.',
    unit: 'copies',
  }),
  HTTP_HOST: z.string().default('127.0.0.1').register(variableDocs, {
    about:
      'Address that metrics and health listen on. Use 0.0.0.0 in a container; there is no log-in, so keep it off public networks.',
  }),
  HTTP_PORT: integer(0, 65_535).default(8080).register(variableDocs, {
    about: 'Port of metrics and health. 0 takes any free port; `perennial up` does so when it is not set.',
  }),
  COLLECTOR_HOST: z.string().default('127.0.0.1').register(variableDocs, {
    about:
      'Address that the collector listens on, its metrics and health included. Beyond this machine put a proxy with TLS in front that passes `/v1/` only.',
  }),
  COLLECTOR_PORT: integer(0, 65_535).default(8081).register(variableDocs, {
    about: 'Port of the collector. 0 takes any free port; `perennial up` does so when it is not set.',
  }),
  COLLECTOR_IN_FLIGHT_BYTES: integer(MAX_BODY_BYTES, 2 ** 31)
    .default(8 * MAX_BODY_BYTES)
    .register(variableDocs, {
      about:
        'Bytes of request bodies that the collector works on at the same time, counted as they arrive; what comes beyond is answered with 429. Bounds memory, at a few times this. Beside them, bodies whose write key is not known yet hold 4 MiB together, and 512 KiB each (unpacked).',
      unit: 'bytes',
    }),
  COLLECTOR_CONNECTIONS: integer(1, 100_000).default(1_000).register(variableDocs, {
    about:
      'Connections that the collector keeps at the same time; one more is closed at once. A request has 10 s for its headers, and 30 s for the whole.',
    unit: 'connections',
  }),
  COLLECTOR_CORS_ORIGINS: pageOrigins.optional().register(variableDocs, {
    about:
      'Origins of the pages that may send to the collector from a browser (CORS), exactly as browsers send them: `https://shop.example.org,https://www.example.org:8443`. At most 1,000; `*` alone allows all pages. A page needs a write key beside it.',
    defaultText: 'none: no page may',
  }),
  COLLECTOR_WEBHOOK_ORIGINS: webhookOrigins.optional().register(variableDocs, {
    about:
      'Names of the systems that may register `/v1/events` as their CloudEvents webhook, as they say them in WebHook-Request-Origin: `eventgrid.azure.net`, several joined by commas, `*` alone for all. They need a write key beside it.',
    defaultText: 'none: nobody may',
  }),
  WRITE_KEYS_FILE: writeKeysFile.optional().register(variableDocs, {
    about:
      'File with write keys of the collector, as JSON: `{"key": "tenant"}`. Keys have 16 characters or more. Read at start. The collector takes these keys and those of the database (`perennial write-key`), and needs one of the two. `perennial up` makes a file when it is not set.',
    defaultText: 'required by the collector, or DATABASE_URL',
  }),
  LOG_LEVEL: choice(LOG_LEVELS).default('info').register(variableDocs, {
    about:
      'The least severe log lines that are written: to stderr, or by the development stack to one file for each service.',
  }),
  SESSION_TIMEOUT_MS: integer(500, 300_000).default(6_000).register(variableDocs, {
    about:
      'An engine the broker has not heard of for this long loses its partitions. Shorter: faster take-over. Longer: fewer take-overs by mistake. The broker bounds it too (`group.min.session.timeout.ms`, 6000 unless set there).',
    unit: 'ms',
  }),
  HEARTBEAT_MS: integer(50, 100_000).default(1_000).register(variableDocs, {
    about: 'How often the engine tells the broker that it lives. Must be less than half of SESSION_TIMEOUT_MS.',
    unit: 'ms',
  }),
  REQUEST_TIMEOUT_MS: integer(100, 60_000).default(3_000).register(variableDocs, {
    about:
      'A request to Kafka without an answer for this long is tried again. Adds to the pause before a new owner publishes (LEASE_MS + REQUEST_TIMEOUT_MS).',
    unit: 'ms',
  }),
  LEASE_MS: integer(100, 60_000).default(3_000).register(variableDocs, {
    about:
      'How long an owner may publish after its last proof of ownership. Longer: survives longer hiccups. Shorter: shorter pause at a take-over.',
    unit: 'ms',
  }),
  BATCH_MAX: integer(1, 100_000).default(5_000).register(variableDocs, {
    about:
      'The most records in one micro-batch, that is one database transaction. Larger: more throughput. Smaller: less memory, shorter transactions.',
    unit: 'records',
  }),
  QUEUE_HIGH_WATER: integer(1, 1_000_000).default(20_000).register(variableDocs, {
    about:
      'A partition with this many records waiting, or 8 MiB of them, is paused until the engine catches up. At least BATCH_MAX.',
    unit: 'records per partition',
  }),
  STATE_CACHE_MB: integer(0, 1_000_000).default(1_024).register(variableDocs, {
    about:
      'Memory for the states of customers that were seen last; each partition of the topic may take its share. What is not there is read from the database.',
    unit: 'MiB',
  }),
  STATE_LOG_MB: integer(1, 10_000).default(32).register(variableDocs, {
    about:
      'How much changed state of a partition may wait in the log of states, and in memory, before the rows of customers are written. Up to twice as much while they are. Larger: fewer writes. Smaller: less memory, faster take-over.',
    unit: 'MiB per partition',
  }),
  STATE_ROWS_SECONDS: integer(1, 86_400).default(30).register(variableDocs, {
    about: 'After so long at the latest the rows of customers are brought up to date, for those who read them in SQL.',
    unit: 's',
  }),
  PERENNIAL_KEY: z.string().min(32, 'expected at least 32 characters').optional().register(variableDocs, {
    about:
      'Secret of the installation; clock records and commands are signed with it. The same on every instance. Give this or PERENNIAL_KEY_FILE.',
    secret: true,
  }),
  PERENNIAL_KEY_FILE: textFile
    .refine((key) => key.length >= 32, { error: 'expected at least 32 characters in the file' })
    .optional()
    .register(variableDocs, { about: 'File with the secret of the installation, instead of PERENNIAL_KEY.' }),
  PERENNIAL_AUTHOR: z.string().max(200, 'expected at most 200 characters').optional().register(variableDocs, {
    about: 'Who publishes definitions from here, as `perennial definition list` shows it; `--author` goes before it.',
    defaultText: 'user@machine',
  }),
  PERENNIAL_HOME: z.string().optional().register(variableDocs, {
    about: 'Folder of the development stack: data, keys, logs, addresses.',
    defaultText: '`.perennial` in the repository',
  }),
  PERENNIAL_CACHE: z.string().optional().register(variableDocs, {
    about: 'Folder for what is fetched once and shared by development stacks (the jars of Kafka).',
    defaultText: '`~/.cache/perennial`',
  }),
  JAVA_HOME: z.string().optional().register(variableDocs, {
    about: 'Java to run the development broker with.',
    defaultText: 'the `java` on the PATH',
  }),
  CI: z.string().optional().register(variableDocs, {
    about: 'Set by build servers: questions are not asked, missing packages are installed.',
  }),
  DEBUG: z
    .string()
    .optional()
    .register(variableDocs, { about: 'When set, error messages of the command line come with their stack.' }),
} as const;
