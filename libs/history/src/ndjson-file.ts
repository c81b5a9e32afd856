/** NDJSON files, as `JSON.parse` reads them: what it takes is taken, also where DuckDB's parser is of another opinion. */
import { isUtf8 } from 'node:buffer';
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { brokenLine, BrokenLines, flawedRow, NOT_UTF8 } from './refusals';
import type { ColumnMap, MapSource } from './column-map';
import { COLUMN_NAMES, type ColumnName } from './columns';
import { namesOf, refuseUnknownColumns } from './projection';
import type { HistoryFile } from './source';
import { linesOf, textRecords, type TextRecord } from './text-records';

type Fields = Readonly<Record<string, unknown>>;
const TEXTS = ['customerId', 'event', 'type', 'id'] as const;
const HALVES = /[\ud800-\udfff]/u;
const HALF = 'contains half of a character (a lone surrogate), which PostgreSQL cannot store; remove it';
/** So many names of keys are remembered. */
const MOST_KEYS = 100_000;
const CHUNK_BYTES = 4 * 1024 * 1024;
const LF = 0x0a;

/** The keys of the object on the first line that is not blank; null when there is none. */
export async function jsonKeys({ name, file }: HistoryFile): Promise<readonly string[] | null> {
  for await (const record of objects(file)) {
    const object = objectIn(name, record);
    return object === null ? null : Object.keys(object);
  }
  return null;
}

/** Throws `InvalidInput` for the first line that is not UTF-8: DuckDB would take it as it is. */
export async function refuseOtherEncodings({ name, file }: HistoryFile): Promise<void> {
  if (await isUtf8File(file)) return;
  for await (const { line, bytes } of textRecords(file, false))
    if (!isUtf8(bytes)) throw brokenLine(name, line, NOT_UTF8);
}

/**
 * Writes what a history needs of each object to another file, with `properties` as text, so that DuckDB takes it: keys that are
 * named as a history's columns are, or those that `map` names. Throws `InvalidInput` for lines that are no JSON objects, for text
 * that no activity may have, and when no object has a key that `map` names.
 */
export function rewriteNdjson(
  source: HistoryFile,
  map: ColumnMap | null,
  to: string,
  signal?: AbortSignal,
): Promise<void> {
  return pipeline(rewrittenLines(source, map), createWriteStream(to, { mode: 0o600 }), { signal });
}

async function* rewrittenLines({ name, file }: HistoryFile, map: ColumnMap | null): AsyncGenerator<string> {
  const broken = new BrokenLines(name);
  const fieldsFor = map === null ? ownFields : mappedFields(map);
  const nameOf = namesOf(map);
  const keys = new Set<string>();
  let total = 0;
  let text = '';
  for await (const record of objects(file)) {
    total += 1;
    const object = objectIn(name, record);
    if (object === null) {
      broken.add(record.line, flawOf(record), record.bytes);
      continue;
    }
    if (map !== null) addKeys(keys, object);
    text += `${JSON.stringify(checked(`${name}, line ${record.line}`, fieldsFor(object), nameOf))}\n`;
    if (text.length < CHUNK_BYTES / 16) continue;
    yield text;
    text = '';
  }
  broken.refuse(total);
  if (map !== null && total > 0) refuseUnknownColumns(name, [...keys], map);
  yield text;
}

function addKeys(keys: Set<string>, object: Fields): void {
  for (const key in object) if (keys.size < MOST_KEYS) keys.add(key);
}

/** The lines on which objects begin; rows count from 1. */
export function ndjsonLinesOf({ file }: HistoryFile, rows: readonly number[]): Promise<readonly number[]> {
  return linesOf(
    objects(file),
    rows.map((row) => row - 1),
  );
}

async function* objects(file: string): AsyncGenerator<TextRecord> {
  for await (const record of textRecords(file, false)) if (record.bytes.toString('latin1').trim() !== '') yield record;
}

/** Null when a line is no JSON object. */
function objectIn(name: string, { line, bytes, fault }: TextRecord): Fields | null {
  if (!isUtf8(bytes)) throw brokenLine(name, line, NOT_UTF8);
  const value = fault === null ? parsed(bytes.toString('utf8')) : undefined;
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

/** Why a line is no JSON object, and the remedy; begins with a verb. */
function flawOf({ bytes, fault }: TextRecord): string {
  if (fault !== null) return fault;
  const isList = bytes.toString('latin1').trimStart().startsWith('[');
  const remedy = isList ? '; write a list as its objects, each on a line (jq -c ".[]")' : '';
  return `is no JSON object; every line of an NDJSON file is one${remedy}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function ownFields(fields: Fields): Fields {
  return Object.fromEntries(
    COLUMN_NAMES.filter((column) => fields[column] !== undefined).map((column) => [column, fields[column]]),
  );
}

/** What a map makes of an object. A key that is absent or null is an absent property. */
function mappedFields({ fields, properties }: ColumnMap): (object: Fields) => Fields {
  const valueOf = (object: Fields, source: MapSource): unknown =>
    source.kind === 'text' ? source.text : Object.hasOwn(object, source.name) ? object[source.name] : undefined;
  return (object) => {
    const mapped: Record<string, unknown> = {};
    for (const [field, source] of fields) mapped[field] = valueOf(object, source);
    if (properties.size > 0) mapped['properties'] = propertiesOf(object);
    return mapped;
  };
  function propertiesOf(object: Fields): Fields {
    const values = [...properties].map(([name, source]) => [name, valueOf(object, source)] as const);
    return Object.fromEntries(values.filter(([, value]) => value !== undefined && value !== null));
  }
}

/** As DuckDB takes them: `properties` as text; a time with half of a character is no instant, and is refused as such. */
function checked(place: string, fields: Fields, nameOf: (name: ColumnName) => string): Fields {
  for (const column of TEXTS) {
    const value = fields[column];
    if (typeof value === 'string' && HALVES.test(value)) throw flawedRow(place, nameOf(column), value, HALF);
  }
  const { timestamp, properties } = fields;
  return {
    ...fields,
    ...(typeof timestamp === 'string' ? { timestamp: timestamp.replace(HALVES, '?') } : {}),
    ...(properties === undefined ? {} : { properties: JSON.stringify(properties) }),
  };
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
