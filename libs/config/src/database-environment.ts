/** What every program that reads or writes what is stored asks of its environment: rules over variables, and settings. */
import type { z } from 'zod';
import type { CrossCheck } from './cross-check';
import { type DatabaseGroup, divisionProblem } from './database-urls';
import type { variables } from './variables';

type Flat = Pick<
  z.output<z.ZodObject<typeof variables>>,
  'DATABASE_URL' | 'DATABASE_URLS' | 'DATABASE_SSL' | 'DATABASE_SSL_CA_FILE' | 'QUERY_TIMEOUT_MS' | 'PARTITIONS'
>;

export interface Databases {
  readonly DATABASE_URL?: string | undefined;
  readonly DATABASE_URLS?: readonly DatabaseGroup[] | undefined;
}

export const oneWayToSayDatabases: CrossCheck<Databases> = {
  names: ['DATABASE_URLS', 'DATABASE_URL'],
  holds: (v) => v.DATABASE_URL === undefined || v.DATABASE_URLS === undefined,
  message: 'DATABASE_URL is set too; keep one of them',
};

export const databaseChecks: readonly CrossCheck<Flat>[] = [
  {
    names: ['DATABASE_URL', 'DATABASE_URLS'],
    holds: (v) => v.DATABASE_URL !== undefined || v.DATABASE_URLS !== undefined,
    message: 'not set. PostgreSQL database, as postgres://user:password@host:port/database; or set DATABASE_URLS',
  },
  oneWayToSayDatabases,
  {
    names: ['DATABASE_URLS', 'PARTITIONS'],
    holds: (v) => divisionOf(v) === null,
    message: (v) => divisionOf(v) ?? '',
  },
  {
    names: ['DATABASE_SSL', 'DATABASE_URL', 'DATABASE_URLS'],
    holds: (v) =>
      v.DATABASE_SSL === undefined || !groupsOf(v).some(({ url }) => new URL(url).searchParams.has('sslmode')),
    message: 'DATABASE_URL says sslmode too; keep one of them',
  },
  {
    names: ['DATABASE_SSL_CA_FILE', 'DATABASE_SSL'],
    holds: (v) => v.DATABASE_SSL_CA_FILE === undefined || v.DATABASE_SSL === 'verify-full',
    message: 'needs DATABASE_SSL=verify-full; nothing is compared with it otherwise',
  },
];

/** TLS to PostgreSQL. */
export interface DatabaseTls {
  readonly rejectUnauthorized: boolean;
  /** PEM text. */
  readonly ca?: string;
}

export interface DatabaseSettings {
  /** In order of partitions, each in one of them; several: what is not by partition is in the first. */
  readonly groups: readonly DatabaseGroup[];
  /** Of all of them; null: nothing is said. */
  readonly ssl: DatabaseTls | false | null;
  readonly queryTimeoutMs: number;
}

export function databaseSettings(v: Flat): DatabaseSettings {
  const groups = groupsOf(v).toSorted((a, b) => a.first - b.first);
  return { groups, ssl: databaseSsl(v), queryTimeoutMs: v.QUERY_TIMEOUT_MS };
}

function groupsOf({ DATABASE_URL: url, DATABASE_URLS: urls, PARTITIONS }: Flat): readonly DatabaseGroup[] {
  return urls ?? (url === undefined ? [] : [{ first: 0, last: PARTITIONS - 1, url }]);
}

const divisionOf = ({ DATABASE_URLS: urls, PARTITIONS }: Flat): string | null =>
  urls === undefined ? null : divisionProblem(urls, PARTITIONS);

function databaseSsl({ DATABASE_SSL, DATABASE_SSL_CA_FILE: ca }: Flat): DatabaseTls | false | null {
  switch (DATABASE_SSL) {
    case undefined:
      return null;
    case 'disable':
      return false;
    case 'require':
      return { rejectUnauthorized: false };
    case 'verify-full':
      return { rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) };
  }
}
