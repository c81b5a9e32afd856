/**
 * The way to PostgreSQL: one pool, one place that knows the driver.
 *
 * 1. A client that saw an error is never used again.
 * 2. No call hangs: each is bounded by `queryTimeoutMs` here, by `statement_timeout` on the server, and connecting by
 *    `connectTimeoutMs`. Half-open sockets are found by the former, idle ones by TCP keepalive.
 * 3. A transaction is sent whole, COMMIT included, before the first answer is read: a process that stops cannot leave
 *    it open on the server between two statements. One cut off half-way is ended by the server after
 *    `idle_in_transaction_session_timeout`, half of `queryTimeoutMs`, so that its locks do not outlast a waiting call.
 * 4. A transaction that is acknowledged is on disk: `synchronous_commit` is on, whatever the server's default.
 * 5. Limits of a session are set by its first statement, not at connect: poolers refuse startup parameters that they do
 *    not know (PgBouncer with 08P01). A pooler between must keep sessions, for these limits and prepared statements.
 */
import { Client, Pool, type PoolConfig, TypeOverrides, types, type PoolClient } from 'pg';
import { type ColdTables, openColdTables } from './cold-tables';
import { translate } from './database-error';
import type { Bound } from './statement';

/** PEM texts, as for Node's `tls.connect`. */
export interface Tls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** Default true. */
  readonly rejectUnauthorized?: boolean;
}

export interface DatabaseOptions {
  /** `postgres://user:password@host:port/database`; `sslmode` and the like in its query are honoured. */
  readonly url: string;
  /** Overridden by what the URL says about TLS; default: none. */
  readonly tls?: Tls;
  /** At most so many connections; default 8. */
  readonly connections?: number;
  /** Default 10,000; afterwards the call fails as retryable and its connection is dropped. */
  readonly queryTimeoutMs?: number;
  /** Also the longest wait for a free connection; default 5,000. */
  readonly connectTimeoutMs?: number;
  /** Shown in pg_stat_activity; default `perennial`. */
  readonly applicationName?: string;
}

/** The rows of each statement of a transaction, in order. */
export type RowsOf<All extends readonly Bound<unknown>[]> = {
  readonly [I in keyof All]: All[I] extends Bound<infer Row> ? readonly Row[] : never;
};

/** Throws `RetryableError`, `ConcurrencyConflict`, `InvalidInput` or `InvariantViolation`, and nothing else. */
export interface Database {
  query<Row>(bound: Bound<Row>): Promise<readonly Row[]>;
  /** All or nothing, in order, in one round trip: later statements cannot depend on what earlier ones returned. */
  transaction<const All extends readonly Bound<unknown>[]>(all: All): Promise<RowsOf<All>>;
  /** What tools read and write now and then, as entities; on connections of its own, opened when they are first used. */
  readonly cold: ColdTables;
  /** Answers when the server does; for health checks. */
  ping(): Promise<void>;
  /** Waits for running calls. */
  close(): Promise<void>;
}

const BEGIN = 'BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL synchronous_commit TO on';

export function openDatabase(options: DatabaseOptions): Database {
  const where = describe(options.url);
  const pool = openPool(options);
  const limited = new WeakSet<PoolClient>();
  const limits = sessionLimits(options);
  const cold = openColdTables({ pool: poolSettings(options), limits, where });

  const run = async <T>(use: (client: PoolClient) => Promise<T>): Promise<T> => {
    const client = await pool.connect().catch((error: unknown) => {
      throw translate(error, where);
    });
    client.on('error', lostMeanwhile);
    try {
      if (!limited.has(client)) await client.query(limits);
      limited.add(client);
      const result = await use(client);
      client.release();
      return result;
    } catch (error) {
      client.release(true);
      throw translate(error, where);
    } finally {
      client.off('error', lostMeanwhile);
    }
  };

  return {
    query: (bound) => run((client) => send(client, bound)),
    transaction: (all) => run((client) => sendTransaction(client, all)),
    ping: async () => {
      await run((client) => client.query('SELECT 1'));
    },
    cold,
    close: async () => {
      await Promise.all([pool.end(), cold.close()]);
    },
  };
}

/** `host:port/database`, for messages. */
export function describe(url: string): string {
  const { host, port, database } = new Client({ connectionString: url });
  return `${host}:${port.toString()}/${database ?? ''}`;
}

/** bigint as number: offsets, instants and counts stay below 2^53. */
const numbers = new TypeOverrides();
numbers.setTypeParser(types.builtins.INT8, Number);

/** Default of `queryTimeoutMs`. */
const QUERY_TIMEOUT_MS = 10_000;

/** The limits of invariants 2 and 3, in milliseconds. */
function sessionLimits({ queryTimeoutMs = QUERY_TIMEOUT_MS }: DatabaseOptions): string {
  const idle = Math.ceil(queryTimeoutMs / 2);
  return `SET statement_timeout = ${queryTimeoutMs}; SET idle_in_transaction_session_timeout = ${idle}`;
}

function openPool(options: DatabaseOptions): Pool {
  const pool = new Pool({ ...poolSettings(options), max: options.connections ?? 8, pipeline: true });
  return pool.on('error', lostMeanwhile);
}

function poolSettings(options: DatabaseOptions): PoolConfig {
  const { url, tls, queryTimeoutMs = QUERY_TIMEOUT_MS, connectTimeoutMs = 5_000 } = options;
  return {
    connectionString: url,
    ...(tls === undefined ? {} : { ssl: tls }),
    application_name: options.applicationName ?? 'perennial',
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: queryTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types: numbers,
  };
}

/** Without a listener Node would end the process. The pool drops the client, and calls under way fail by themselves. */
const lostMeanwhile = (): void => undefined;

async function send<Row>(client: PoolClient, { name, text, values }: Bound<Row>): Promise<readonly Row[]> {
  const result = await client.query({ name, text, values: values.map(parameter) });
  return result.rows as readonly Row[];
}

async function sendTransaction<const All extends readonly Bound<unknown>[]>(
  client: PoolClient,
  all: All,
): Promise<RowsOf<All>> {
  const begun = client.query(BEGIN);
  const rows = all.map((bound) => send(client, bound));
  const answers = await Promise.allSettled([begun, ...rows, client.query('COMMIT')]);
  const failed = answers.find((answer) => answer.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return (await Promise.all(rows)) as RowsOf<All>;
}

/**
 * A parameter for the driver. Arrays are written out here: the driver quotes each element with two regular expressions,
 * which takes several times as long. What JSON would have to escape is left to the driver.
 */
export function parameter(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  const all: readonly unknown[] = value;
  if (all.every((one) => typeof one === 'number')) return `{${all.join(',')}}`;
  if (!all.every((one) => typeof one === 'string')) return value;
  const json = JSON.stringify(all);
  return json.includes('\\') ? value : `{${json.slice(1, -1)}}`;
}
