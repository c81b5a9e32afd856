/** CSV files: their header, read by ourselves, and what is wrong with one that DuckDB refuses. */
import { isUtf8 } from 'node:buffer';
import { excerpt } from '@perennial/values';
import { brokenLine, BrokenLines, NOT_UTF8 } from './refusals';
import type { HistoryFile } from './source';
import { linesOf, textRecords, type TextRecord } from './text-records';

/** More than that is no header. */
const MAX_HEADER_BYTES = 1024 * 1024;
const COLUMNS_FIRST = 'the first line names the columns';
const JSON_BEGINS = /^\s*[{[]/;
/** What other programs write between columns. */
const SEPARATORS = [';', '\t', '|'];
/** A value, and the comma or the end after it. */
const VALUE = /\s*"((?:[^"]|"")*)"\s*(?:,|$)|([^,]*)(?:,|$)/gy;

/** The names in the first record; none when the file is empty. Throws `InvalidInput` when it cannot be one. */
export async function csvHeader({ name, file }: HistoryFile): Promise<readonly string[]> {
  const header = await firstRecord(file);
  if (header === null) throw brokenLine(name, 1, `is not there: the file is empty; ${COLUMNS_FIRST}`);
  if (JSON_BEGINS.test(header.bytes.toString('latin1')))
    throw brokenLine(name, 1, 'is JSON; name a file of one object a line .ndjson', header.bytes);
  if (!isUtf8(header.bytes)) throw brokenLine(name, header.line, NOT_UTF8);
  if (header.fault !== null) throw brokenLine(name, header.line, header.fault, header.bytes);
  if (header.bytes.includes(0)) throw brokenLine(name, 1, NOT_UTF8);
  if (header.line > 1) throw brokenLine(name, 1, `is blank; ${COLUMNS_FIRST}`);
  if (header.bytes.length > MAX_HEADER_BYTES) throw brokenLine(name, 1, `is longer than 1 MiB; ${COLUMNS_FIRST}`);
  const names = namesIn(header.bytes.toString('utf8'));
  const split = names.find((column) => /[\r\n]/.test(column));
  if (split !== undefined)
    throw brokenLine(name, 1, `names a column with a line break, "${excerpt(split, 80)}"; rename it`);
  refuseSeparator(name, names);
  return names;
}

function refuseSeparator(name: string, [first = '', second]: readonly string[]): void {
  const separator = SEPARATORS.find((candidate) => second === undefined && first.includes(candidate));
  if (separator === undefined) return;
  const shown = separator === '\t' ? 'tabs' : `"${separator}"`;
  const query = `SELECT * FROM read_csv('${name}', delim = '${separator === '\t' ? '\\t' : separator}')`;
  throw brokenLine(
    name,
    1,
    `separates columns by ${shown}; save the file with commas, or read it with a query (${query})`,
  );
}

/** Throws `InvalidInput` for records that are not written as they should be: how many there are, and the lines of the first. */
export async function refuseBrokenRecords({ name, file }: HistoryFile, columns: number): Promise<void> {
  const broken = new BrokenLines(name);
  let records = 0;
  for await (const record of textRecords(file, true)) {
    if (!isUtf8(record.bytes)) throw brokenLine(name, record.line, NOT_UTF8);
    const fault = faultOf(record, columns);
    if (fault !== null) broken.add(record.line, fault, record.bytes);
    records += 1;
  }
  broken.refuse(records - 1);
}

/** The lines on which records after the header begin; rows count from 1. */
export function csvLinesOf({ file }: HistoryFile, rows: readonly number[]): Promise<readonly number[]> {
  return linesOf(textRecords(file, true), rows);
}

async function firstRecord(file: string): Promise<TextRecord | null> {
  for await (const record of textRecords(file, true)) return record;
  return null;
}

function faultOf({ values, fault }: TextRecord, columns: number): string | null {
  if (fault !== null || values === columns) return fault;
  const remedy = 'a row has a value for each column; quote values with commas, or add what is missing';
  return `has ${count(values)}, the header has ${columns}; ${remedy}`;
}

function namesIn(line: string): readonly string[] {
  const names: string[] = [];
  for (const [whole, quoted, plain] of line.matchAll(VALUE)) {
    names.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    if (!whole.endsWith(',')) break;
  }
  return names;
}

const count = (values: number): string => (values === 1 ? '1 value' : `${values} values`);
