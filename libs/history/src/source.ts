import { excerpt, fileTrouble, InvalidInput } from '@perennial/values';
import { isUtf8 } from 'node:buffer';
import { constants } from 'node:fs';
import { access, open, readFile, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { brokenLine, NOT_UTF8 } from './refusals';

/** Where a history comes from. `name` is for messages. */
export type Source = HistoryFile | HistoryQuery;
export type Packing = 'gz' | 'zst';
export interface HistoryFile {
  readonly kind: 'csv' | 'ndjson' | 'parquet';
  readonly name: string;
  /** Absolute. */
  readonly file: string;
  /** How it is compressed; null when it is not. */
  readonly packing: Packing | null;
}
export interface HistoryQuery {
  readonly kind: 'query';
  readonly name: string;
  readonly sql: string;
  /** Where `getvariable('here')` of the query points: the folder of its file, else the working directory. Absolute. */
  readonly folder: string;
}

const FILE = /\.(?:(?<data>csv|ndjson|jsonl|parquet)(?:\.(?<packing>gz|zst))?|(?<sql>sql))$/i;
const QUERY = /^\s*(--|\/\*|\(|(select|with|from|values|table)[\s('"*])/i;

/**
 * A file by its ending, or the text of a query; what could be either is the file where there is one. Throws `InvalidInput`
 * when it is neither, or cannot be read.
 */
export async function findSource(input: string): Promise<Source> {
  if (QUERY.test(input) && !(await isFile(input)))
    return { kind: 'query', name: 'the query', sql: input, folder: process.cwd() };
  const { data, packing, sql } = FILE.exec(input.toLowerCase())?.groups ?? {};
  const ending = data ?? sql;
  const file = resolve(input);
  const name = basename(file);
  switch (ending) {
    case undefined:
      throw await otherInput(input);
    case 'sql':
      return { kind: 'query', name, sql: queryIn(name, await readable(file, readFile(file))), folder: dirname(file) };
    default:
      await readable(file, access(file, constants.R_OK));
      await refuseFolder(file);
      return {
        kind: ending === 'csv' || ending === 'parquet' ? ending : 'ndjson',
        name,
        file,
        packing: packing === undefined ? null : (packing as Packing),
      };
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

/** The text of a query's file. Throws `InvalidInput` when it is none. */
function queryIn(name: string, bytes: Buffer): string {
  if (!isUtf8(bytes) || bytes.includes(0)) throw brokenLine(name, 1, `or a later one ${NOT_UTF8}`);
  const sql = bytes.toString('utf8');
  if (sql.trim() !== '') return sql;
  throw new InvalidInput(
    'HISTORY.UNREADABLE',
    `${name} is empty: write a query that selects the columns of a history.`,
  );
}

async function readable<T>(file: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (cause) {
    const message = `The input cannot be read: ${fileTrouble(cause)}: ${excerpt(file)}. Check the path and its permissions.`;
    throw new InvalidInput('HISTORY.UNREADABLE', message, { cause });
  }
}

const PACKED = /\.(gz|zip|bz2|xz|zst|7z)$/i;
const ENDINGS = '.csv, .ndjson, .jsonl, .parquet or .sql';

/** What is wrong with an input that is neither a file of a history by its ending nor a query, and the remedy. */
async function otherInput(input: string): Promise<InvalidInput> {
  const shown = `"${excerpt(input, 80)}"`;
  if ((await stat(input).catch(() => null))?.isDirectory() === true)
    return new InvalidInput('HISTORY.UNREADABLE', `The input ${shown} is a folder. Name a file in it.`);
  return new InvalidInput('HISTORY.UNKNOWN_INPUT', `${shown} ${flawOf(input)}`);
}

function flawOf(input: string): string {
  if (PACKED.test(input))
    return `is compressed: unpack it to a file that ends in ${ENDINGS}; gzip and zstd may stay (.csv.gz, .ndjson.zst).`;
  return (
    `is neither a file that ends in ${ENDINGS} nor a DuckDB query; give such a file, or a query that starts with SELECT, ` +
    'WITH, FROM or VALUES.'
  );
}

/** What a Parquet file begins and ends with. Source: https://parquet.apache.org/docs/file-format/ */
const MAGIC = 'PAR1';

/** Throws `InvalidInput` when a file is no Parquet, or a part of one. */
export async function refuseOtherThanParquet({ name, file }: HistoryFile): Promise<void> {
  const { first, last } = await ends(file);
  if (first === MAGIC && last === MAGIC) return;
  const what = first === MAGIC ? 'is a Parquet file whose end is missing' : 'is no Parquet file';
  throw new InvalidInput(
    'HISTORY.NO_PARQUET',
    `${name} ${what}: write it again, or name it by what it is (.csv, .ndjson).`,
  );
}

async function ends(file: string): Promise<{ readonly first: string; readonly last: string }> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const at = async (position: number): Promise<string> => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAGIC.length), 0, MAGIC.length, position);
      return buffer.toString('latin1', 0, bytesRead);
    };
    return { first: await at(0), last: await at(Math.max(size - MAGIC.length, 0)) };
  } finally {
    await handle.close();
  }
}
