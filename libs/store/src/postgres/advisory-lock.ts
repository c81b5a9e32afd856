import { Client } from 'pg';
import { describe, type Tls } from './database';
import { translate } from './database-error';

/** A turn at work that only one process may do at a time. */
export interface Turn {
  /** Lets the next one have it. */
  end(): Promise<void>;
}

/**
 * Takes the turn of that name, or null while another process has it. It lasts as long as its own connection, so that a
 * process that dies gives it up. Throws `RetryableError` when the database is away.
 */
export async function takeTurn(url: string, name: string, tls?: Tls): Promise<Turn | null> {
  const client = new Client({
    connectionString: url,
    ...(tls === undefined ? {} : { ssl: tls }),
    application_name: `perennial ${name}`,
    keepAlive: true,
    query_timeout: 10_000,
  });
  // A turn that is lost with its connection is found out by the compare-and-set of what it protects.
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
