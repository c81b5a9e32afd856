import { constants } from 'node:fs';
import { access, readFile, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { InvalidInput } from '@perennial/contracts';

/** Where a history comes from. `name` is for messages. */
export type Source = HistoryFile | HistoryQuery;
export interface HistoryFile {
  readonly kind: 'csv' | 'ndjson' | 'parquet';
  readonly name: string;
  /** Absolute. */
  readonly file: string;
}
export interface HistoryQuery {
  readonly kind: 'query';
  readonly name: string;
  readonly sql: string;
  /** Where `getvariable('here')` of the query points: the folder of its file, else the working directory. Absolute. */
  readonly folder: string;
}

const FILE = /\.(csv|ndjson|jsonl|parquet|sql)$/i;
const QUERY = /^\s*(--|\/\*|\(|(select|with|from|values|table)[\s('"*])/i;

/**
 * A file by its ending, or the text of a query; what could be either is the file where there is one. Throws `InvalidInput`
 * when it is neither, or cannot be read.
 */
export async function findSource(input: string): Promise<Source> {
  if (QUERY.test(input) && !(await isFile(input)))
    return { kind: 'query', name: 'the query', sql: input, folder: process.cwd() };
  const ending = FILE.exec(input)?.[1]?.toLowerCase();
  const file = resolve(input);
  const name = basename(file);
  switch (ending) {
    case undefined:
      throw new InvalidInput(
        'HISTORY.UNKNOWN_INPUT',
        `"${input.slice(0, 80)}" is neither a file that ends in .csv, .ndjson, .jsonl, .parquet or .sql nor a DuckDB ` +
          'query; give such a file, or a query that starts with SELECT, WITH, FROM or VALUES.',
      );
    case 'sql':
      return { kind: 'query', name, sql: await readable(readFile(file, 'utf8')), folder: dirname(file) };
    default:
      await readable(access(file, constants.R_OK));
      await refuseFolder(file);
      return { kind: ending === 'csv' || ending === 'parquet' ? ending : 'ndjson', name, file };
  }
}

/** A name as long as a query may be is none that the file system knows. */
async function isFile(input: string): Promise<boolean> {
  return FILE.test(input) && (await stat(input).catch(() => null))?.isFile() === true;
}

async function refuseFolder(file: string): Promise<void> {
  if (!(await stat(file)).isDirectory()) return;
  throw new InvalidInput('HISTORY.UNREADABLE', `The input cannot be read: ${file} is a folder. Name a file in it.`);
}

async function readable<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (cause) {
    const reason = String(cause).replace(/^Error: /, '');
    const message = `The input cannot be read: ${reason}. Check the path and its permissions.`;
    throw new InvalidInput('HISTORY.UNREADABLE', message, { cause });
  }
}
