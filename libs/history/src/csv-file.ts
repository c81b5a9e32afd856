/** CSV files: their header, read by ourselves, and what is wrong with one that DuckDB refuses. */
import { isUtf8 } from 'node:buffer';
import { excerpt } from '@perennial/contracts';
import { brokenLine, NOT_UTF8 } from './broken-line';
import type { HistoryFile } from './source';
import { textRecords, type TextRecord } from './text-records';

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
  refuseFault(name, header, header.values);
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

/** Throws `InvalidInput` for the first record that is not written as it should be, with its line. */
export async function refuseBrokenRecord({ name, file }: HistoryFile, columns: number): Promise<void> {
  for await (const record of textRecords(file, true)) refuseFault(name, record, columns);
}

/** The line on which the `row`th record after the header begins; rows count from 1. */
export async function csvLineOf({ file }: HistoryFile, row: number): Promise<number> {
  let at = -1;
  for await (const { line } of textRecords(file, true)) if (++at === row) return line;
  return 0;
}

async function firstRecord(file: string): Promise<TextRecord | null> {
  for await (const record of textRecords(file, true)) return record;
  return null;
}

function refuseFault(name: string, { line, bytes, values, fault }: TextRecord, columns: number): void {
  if (!isUtf8(bytes)) throw brokenLine(name, line, NOT_UTF8);
  if (fault !== null) throw brokenLine(name, line, fault, bytes);
  if (values === columns) return;
  const remedy = 'a row has a value for each column; quote values with commas, or add what is missing';
  throw brokenLine(name, line, `has ${count(values)}, the header has ${columns}; ${remedy}`, bytes);
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
