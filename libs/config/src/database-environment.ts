/** What every program that reads or writes what is stored asks of its environment: rules over variables, and settings. */
import type { z } from 'zod';
import { type DatabaseGroup, divisionProblem } from './database-urls';
import type { CrossCheck } from './variable';
import type { variables } from './variables';

type All = z.output<z.ZodObject<typeof variables>>;
type Access = Pick<All, 'DATABASE_URL' | 'DATABASE_URLS' | 'DATABASE_SSL' | 'DATABASE_SSL_CA_FILE'>;
type Flat = Access & Pick<All, 'QUERY_TIMEOUT_MS' | 'PARTITIONS'>;

export interface Databases {
  readonly DATABASE_URL?: string | undefined;
  readonly DATABASE_URLS?: readonly DatabaseGroup[] | undefined;
}

export const oneWayToSayDatabases: CrossCheck<Databases> = {
  names: ['DATABASE_URLS', 'DATABASE_URL'],
  holds: (v) => v.DATABASE_URL === undefined || v.DATABASE_URLS === undefined,
  message: 'DATABASE_URL is set too; keep one of them',
};

/** How the databases are reached, whoever needs them. */
export const databaseAccessChecks: readonly CrossCheck<Access>[] = [
  oneWayToSayDatabases,
  {
    names: ['DATABASE_SSL', 'DATABASE_URL', 'DATABASE_URLS'],
    holds: (v) => v.DATABASE_SSL === undefined || !urlsOf(v).some((url) => new URL(url).searchParams.has('sslmode')),
    message: 'DATABASE_URL says sslmode too; keep one of them',
  },
  {
    names: ['DATABASE_SSL_CA_FILE', 'DATABASE_SSL'],
    holds: (v) => v.DATABASE_SSL_CA_FILE === undefined || v.DATABASE_SSL === 'verify-full',
    message: 'needs DATABASE_SSL=verify-full; nothing is compared with it otherwise',
  },
];

/** For those that need all partitions. */
export const databaseChecks: readonly CrossCheck<Flat>[] = [
  {
    names: ['DATABASE_URL', 'DATABASE_URLS'],
    holds: (v) => v.DATABASE_URL !== undefined || v.DATABASE_URLS !== undefined,
    message: 'not set. PostgreSQL database, as postgres://user:password@host:port/database; or set DATABASE_URLS',
  },
  {
    names: ['DATABASE_URLS', 'PARTITIONS'],
    holds: (v) => divisionOf(v) === null,
    message: (v) => divisionOf(v) ?? '',
  },
  ...databaseAccessChecks,
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

/** The database of partition 0, for those that need only what is not by partition. */
export interface FirstDatabase extends Omit<DatabaseSettings, 'groups'> {
  readonly url: string;
}

/** Null: none is named. */
export function firstDatabase(v: Access & Pick<All, 'QUERY_TIMEOUT_MS'>): FirstDatabase | null {
  const url = v.DATABASE_URLS?.find(({ first }) => first === 0)?.url ?? v.DATABASE_URL;
  return url === undefined ? null : { url, ssl: databaseSsl(v), queryTimeoutMs: v.QUERY_TIMEOUT_MS };
}

export function databaseSettings(v: Flat): DatabaseSettings {
  const groups = groupsOf(v).toSorted((a, b) => a.first - b.first);
  return { groups, ssl: databaseSsl(v), queryTimeoutMs: v.QUERY_TIMEOUT_MS };
}

function groupsOf({ DATABASE_URL: url, DATABASE_URLS: urls, PARTITIONS }: Flat): readonly DatabaseGroup[] {
  return urls ?? (url === undefined ? [] : [{ first: 0, last: PARTITIONS - 1, url }]);
}

const urlsOf = ({ DATABASE_URL: url, DATABASE_URLS: urls }: Access): readonly string[] =>
  urls?.map((group) => group.url) ?? (url === undefined ? [] : [url]);

const divisionOf = ({ DATABASE_URLS: urls, PARTITIONS }: Flat): string | null =>
  urls === undefined ? null : divisionProblem(urls, PARTITIONS);

function databaseSsl({ DATABASE_SSL, DATABASE_SSL_CA_FILE: ca }: Access): DatabaseTls | false | null {
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
