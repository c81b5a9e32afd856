/** NDJSON files, as `JSON.parse` reads them: what it takes is taken, also where DuckDB's parser is of another opinion. */
import { isUtf8 } from 'node:buffer';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { brokenLine, NOT_UTF8 } from './broken-line';
import { COLUMN_NAMES } from './columns';
import { flawedRow } from './flawed-row';
import type { HistoryFile } from './source';
import { textRecords, type TextRecord } from './text-records';

type Fields = Readonly<Record<string, unknown>>;
const TEXTS = ['customerId', 'event', 'type', 'id'] as const;
const HALVES = /[\ud800-\udfff]/u;
const HALF = 'contains half of a character (a lone surrogate), which PostgreSQL cannot store; remove it';
const CHUNK_BYTES = 4 * 1024 * 1024;
const LF = 0x0a;

/** The keys of the first object; null when the file has none. Throws `InvalidInput` when something else comes first. */
export async function jsonKeys({ name, file }: HistoryFile): Promise<readonly string[] | null> {
  for await (const record of objects(file)) return Object.keys(fieldsOf(name, record));
  return null;
}

/** Throws `InvalidInput` for the first line that is not UTF-8: DuckDB would take it as it is. */
export async function refuseOtherEncodings({ name, file }: HistoryFile): Promise<void> {
  if (await isUtf8File(file)) return;
  for await (const { line, bytes } of textRecords(file, false))
    if (!isUtf8(bytes)) throw brokenLine(name, line, NOT_UTF8);
}

/**
 * Writes what a history needs of each object to another file, with `properties` as text, so that DuckDB takes it. Throws
 * `InvalidInput` for the first line that is no JSON object, and for text that no activity may have.
 */
export async function rewriteNdjson({ name, file }: HistoryFile, to: string): Promise<void> {
  const output = createWriteStream(to, { mode: 0o600 });
  for await (const record of objects(file)) {
    const line = JSON.stringify(fieldsFor(name, record));
    if (!output.write(`${line}\n`)) await once(output, 'drain');
  }
  output.end();
  await finished(output);
}

/** The line of the `row`th object; rows count from 1. */
export async function ndjsonLineOf({ file }: HistoryFile, row: number): Promise<number> {
  let at = 0;
  for await (const { line } of objects(file)) if (++at === row) return line;
  return 0;
}

async function* objects(file: string): AsyncGenerator<TextRecord> {
  for await (const record of textRecords(file, false)) if (record.bytes.toString('latin1').trim() !== '') yield record;
}

function fieldsOf(name: string, { line, bytes, fault }: TextRecord): Fields {
  if (!isUtf8(bytes)) throw brokenLine(name, line, NOT_UTF8);
  if (fault !== null) throw brokenLine(name, line, fault, bytes);
  const value = parsed(bytes.toString('utf8'));
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  const isList = Array.isArray(value) || bytes.toString('latin1').trim() === '[';
  const remedy = isList ? '; write a list as its objects, each on a line (jq -c ".[]")' : '';
  throw brokenLine(name, line, `is no JSON object; every line of an NDJSON file is one${remedy}`, bytes);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fieldsFor(name: string, record: TextRecord): Fields {
  const fields = fieldsOf(name, record);
  for (const column of TEXTS) {
    const value = fields[column];
    if (typeof value === 'string' && HALVES.test(value))
      throw flawedRow(`${name}, line ${record.line}`, column, value, HALF);
  }
  return Object.fromEntries(
    COLUMN_NAMES.filter((column) => fields[column] !== undefined).map((column) => [column, valueOf(column, fields)]),
  );
}

/** A time with a half is no instant, and is refused as such. */
function valueOf(column: (typeof COLUMN_NAMES)[number], fields: Fields): unknown {
  const value = fields[column];
  if (column === 'properties') return JSON.stringify(value);
  return typeof value === 'string' ? value.replace(HALVES, '?') : value;
}

/** Lines end with LF, which is no part of another character. */
async function isUtf8File(file: string): Promise<boolean> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(file, { highWaterMark: CHUNK_BYTES })) {
    const bytes = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
    const end = bytes.lastIndexOf(LF) + 1;
    if (!isUtf8(bytes.subarray(0, end))) return false;
    rest = bytes.subarray(end);
  }
  return isUtf8(rest);
}
