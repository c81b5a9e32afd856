import { randomUUID } from 'node:crypto';
import { Client } from 'pg';

/** A database of one spec file. */
export interface FreshDatabase {
  readonly url: string;
  /** Ends its connections and removes it. */
  readonly drop: () => Promise<void>;
}

const TEMPLATE = 'perennial_template';
/** Any number: keeps the processes of one test run apart while they prepare and copy the template. */
const LOCK = 1_886_740_578;

/**
 * Creates a database on the server of DATABASE_URL as a copy of a template, which `prepare` brings up to date. `prepare`
 * closes its connections before it resolves, since a template in use cannot be copied.
 */
export async function freshDatabase(prepare: (url: string) => Promise<unknown>): Promise<FreshDatabase> {
  return asAdmin(async (admin) => {
    await admin.query('SELECT pg_advisory_lock($1)', [LOCK]);
    const { rowCount } = await admin.query('SELECT FROM pg_database WHERE datname = $1', [TEMPLATE]);
    if (rowCount === 0) await admin.query(`CREATE DATABASE ${TEMPLATE}`);
    await prepare(urlOf(TEMPLATE));
    return copy(admin, TEMPLATE);
  });
}

/** Creates a database without any table. */
export const emptyDatabase = (): Promise<FreshDatabase> => asAdmin((admin) => copy(admin, 'template0'));

async function copy(admin: Client, template: string): Promise<FreshDatabase> {
  const name = `perennial_${randomUUID().replaceAll('-', '')}`;
  await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  const drop = () => asAdmin((other) => other.query(`DROP DATABASE ${name} WITH (FORCE)`));
  return { url: urlOf(name), drop: () => drop().then(() => undefined) };
}

async function asAdmin<T>(work: (admin: Client) => Promise<T>): Promise<T> {
  const admin = new Client({ connectionString: serverUrl() });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

function urlOf(database: string): string {
  const url = new URL(serverUrl());
  url.pathname = `/${database}`;
  return url.href;
}

function serverUrl(): string {
  const url = process.env['DATABASE_URL'];
  if (url === undefined)
    throw new Error(
      'DATABASE_URL is not set: run integration specs through the integration project, which starts a server.',
    );
  return url;
}
