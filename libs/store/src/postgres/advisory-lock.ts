import { Client } from 'pg';
import { describe, type Tls } from './database';
import { translate } from './database-error';

/** An advisory lock of the session that took it: work that only one process may do at a time. */
export interface Turn {
  /** Releases the lock. */
  end(): Promise<void>;
}

/**
 * Takes the advisory lock of that name; null while another process holds it. The lock has a connection of its own and ends with
 * it, so a process that dies releases it. Throws `RetryableError` when the database is away.
 */
export async function takeTurn(url: string, name: string, tls?: Tls): Promise<Turn | null> {
  const client = new Client({
    connectionString: url,
    ...(tls === undefined ? {} : { ssl: tls }),
    application_name: `perennial ${name}`,
    keepAlive: true,
    query_timeout: 10_000,
  });
  // A lock that is lost with its connection is noticed by the compare-and-set of the row that it protects.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ taken: boolean }>(
      'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS taken',
      [name],
    );
    if (rows[0]?.taken === true) return { end: () => client.end() };
    await client.end();
    return null;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw translate(error, describe(url));
  }
}
