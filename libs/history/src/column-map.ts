/**
 * Which columns of an input become which fields of an activity, as people type it:
 * `customer=customer_id,timestamp=ordered_at,event='Order Completed',total=gross_gbp,currency='GBP'`.
 *
 * 1. `customer`, `timestamp` and `event` are given; `id`, `type` and `properties` (a whole object) may be. Every other name
 *    becomes a property of that name.
 * 2. What stands after `=` is a column, in double quotes where it has a comma, a quote, `=` or blanks around; or a text in single
 *    quotes, the same in every row. A quote within quotes is written twice.
 */
import { isName, NAME_LIMIT } from '@perennial/contracts';
import { excerpt, InvalidInput } from '@perennial/values';
import type { ColumnName } from './columns';

/** Where a value comes from: a column of the input, or a text that is the same in every row. */
export type MapSource =
  | { readonly kind: 'column'; readonly name: string }
  | { readonly kind: 'text'; readonly text: string };

/** The map of an input's columns, parsed. */
export interface ColumnMap {
  /** Fields of an activity by their column of a history; `customer` of the text form is `customerId`. */
  readonly fields: ReadonlyMap<ColumnName, MapSource>;
  /** Properties by name; empty when `fields` has `properties`. */
  readonly properties: ReadonlyMap<string, MapSource>;
}

/** The columns that a map names, each once. */
export function columnsOf({ fields, properties }: ColumnMap): readonly string[] {
  const sources = [...fields.values(), ...properties.values()];
  return [...new Set(sources.flatMap((source) => (source.kind === 'column' ? [source.name] : [])))];
}

/** Longer ones are none that a person types, in characters. */
const MOST_CHARACTERS = 16_384;
const MOST_PROPERTIES = 200;
const EXAMPLE = `--map "customer=customer_id,timestamp=ordered_at,event='Order Completed',total=amount"`;

/** Names of the text form that are fields of an activity. */
const FIELDS: ReadonlyMap<string, ColumnName> = new Map([
  ['customer', 'customerId'],
  ['customerId', 'customerId'],
  ['timestamp', 'timestamp'],
  ['event', 'event'],
  ['id', 'id'],
  ['type', 'type'],
  ['properties', 'properties'],
]);
const REQUIRED = ['customer', 'timestamp', 'event'] as const;

/** Reads the text form. Throws `InvalidInput` with what is wrong, where, and the remedy. */
export function parseColumnMap(text: string): ColumnMap {
  if (text.length > MOST_CHARACTERS) throw refusal(`is longer than ${MOST_CHARACTERS} characters: use a query`);
  if (text.includes('\0')) throw refusal('has the character U+0000: remove it');
  const fields = new Map<ColumnName, MapSource>();
  const properties = new Map<string, MapSource>();
  for (const { name, source } of entriesOf(text)) {
    const field = FIELDS.get(name);
    const taken = field === undefined ? properties.has(name) : fields.has(field);
    if (taken) throw refusal(`names ${shown(name)} twice: give each name one column`);
    if (field === undefined) properties.set(propertyName(name), source);
    else fields.set(field, fieldSource(field, source));
  }
  refuseIncomplete(fields, properties);
  return { fields, properties };
}

function refuseIncomplete(fields: ColumnMap['fields'], properties: ColumnMap['properties']): void {
  const missing = REQUIRED.filter((name) => !fields.has(FIELDS.get(name) ?? 'customerId'));
  if (missing.length > 0) {
    const [first = ''] = missing;
    const guess = [...properties.keys()].find(
      (name) => plain(name) === plain(first) || plain(name) === `${plain(first)}id`,
    );
    const question = guess === undefined ? '' : ` (did you mean ${first} where ${shown(guess)} stands?)`;
    throw refusal(`lacks ${missing.join(', ')}${question}: write for example ${EXAMPLE}`);
  }
  if (properties.size > MOST_PROPERTIES)
    throw refusal(`has ${properties.size} properties, at most ${MOST_PROPERTIES}: make one column of them in a query`);
  if (fields.has('properties') && properties.size > 0) {
    const [other = ''] = properties.keys();
    throw refusal(
      `has properties, which is the whole object, and ${shown(other)} beside it: leave one of them out, or make one column of them in a query`,
    );
  }
}

function fieldSource(field: ColumnName, source: MapSource): MapSource {
  if (source.kind === 'column' || field === 'event' || field === 'type') return source;
  const what = field === 'customerId' ? 'customer' : field;
  throw refusal(
    `gives ${what} a text, which would be the same in every row: name a column, without single quotes (in double quotes if it needs some)`,
  );
}

function propertyName(name: string): string {
  if (isName(name)) return name;
  throw refusal(`has a property ${shown(name)}; a name is of ${NAME_LIMIT}`);
}

interface Entry {
  readonly name: string;
  readonly source: MapSource;
}

/** A name or a value: bare, in double or in single quotes; then blanks and what follows. */
const TOKEN = /\s*(?:"((?:[^"]|"")*)"|'((?:[^']|'')*)'|([^,="']*))\s*/y;

function* entriesOf(text: string): Generator<Entry> {
  for (let at = 0; at <= text.length; ) {
    const name = tokenAt(text, at, '=');
    if (name.kind === 'text')
      throw refusal(`has the name ${shown(name.value)} in single quotes: write it without them`);
    if (name.value === '') throw withoutName(text, at);
    const value = tokenAt(text, name.end + 1, ',');
    if (value.kind === 'column' && value.value === '')
      throw refusal(`has nothing after ${shown(name.value)}=: name a column, or a text in single quotes`);
    const { kind } = value;
    yield { name: name.value, source: kind === 'text' ? { kind, text: value.value } : { kind, name: value.value } };
    at = value.end + 1;
  }
}

interface Token {
  readonly kind: MapSource['kind'];
  readonly value: string;
  /** Where the separator stands, or the text ends. */
  readonly end: number;
}

/** The token at `from`, which `separator` follows (a comma: or the end). */
function tokenAt(text: string, from: number, separator: '=' | ','): Token {
  TOKEN.lastIndex = from;
  const [, quoted, single, bare = ''] = TOKEN.exec(text) ?? [];
  const end = TOKEN.lastIndex;
  const isAtEnd = separator === ',' && end >= text.length;
  if (text[end] !== separator && !isAtEnd) throw unexpected(text, from, end, separator);
  if (single !== undefined) return { kind: 'text', value: single.replaceAll("''", "'"), end };
  return { kind: 'column', value: quoted?.replaceAll('""', '"') ?? bare.trim(), end };
}

function unexpected(text: string, from: number, end: number, separator: '=' | ','): InvalidInput {
  const next = text[end];
  if (/^\s*["']/.test(text.slice(from, end)))
    return refusal(`has text after the closing quote ${where(text, from)}: write a quote within quotes twice`);
  if (next === '"' || next === "'")
    return refusal(`opens a quote (${next}) ${where(text, end)} that is not closed, or stands within a word`);
  const name = text.slice(from, end).trim();
  if (separator === '=' && name === '') return withoutName(text, from);
  if (separator === '=') return refusal(`has no = after ${shown(name)}: write NAME=COLUMN, separated by commas`);
  return refusal(`has a second = ${where(text, from)}: a column with = in its name stands in double quotes`);
}

const withoutName = (text: string, at: number): InvalidInput =>
  refusal(`has no name ${where(text, at)}: write NAME=COLUMN, separated by commas`);
const where = (text: string, at: number): string =>
  text.slice(at).trim() === '' ? 'at its end' : `before ${shown(text.slice(at).trim().slice(0, 40))}`;
const shown = (text: string): string => `"${excerpt(text, 80)}"`;
const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');
const refusal = (says: string): InvalidInput => new InvalidInput('HISTORY.MAP', `--map ${says}.`);
