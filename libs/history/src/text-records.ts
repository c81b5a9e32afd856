/**
 * Records of a text file with the lines they begin on, read by ourselves: the header, and after DuckDB has refused a file
 * or found a flawed row, to say which line it is. DuckDB counts records, not lines, and names none for some faults.
 *
 * 1. CSV as RFC 4180 has it: commas, double quotes, doubled inside; records end with LF or CRLF, or all with CR; any of
 *    these may stand in quotes.
 *    Source: https://www.rfc-editor.org/rfc/rfc4180
 * 2. Blank lines are no records.
 * 3. At most {@link MAX_RECORD_BYTES} of a record are kept.
 */
import { createReadStream } from 'node:fs';

/** The longest record that is read, in bytes; DuckDB's limit for a JSON object. */
export const MAX_RECORD_BYTES = 16 * 1024 * 1024;

export interface TextRecord {
  /** From 1; of its first byte. */
  readonly line: number;
  /** Without the line's end. */
  readonly bytes: Buffer;
  /** Values of a CSV record; 1 of a line. */
  readonly values: number;
  /** How it is written wrongly; null when it is well-formed. */
  readonly fault: string | null;
}

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;
const COMMA = 0x2c;
const SPACE = 0x20;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

const TOO_LONG = `is longer than ${MAX_RECORD_BYTES / 1024 / 1024} MiB; shorten it`;
const OPEN = 'opens a quote that is never closed; close it, and write quotes within as two ("")';
const AFTER_QUOTE = 'has text after a closing quote; write quotes within quotes as two ("")';
const LONE_CR =
  'has a carriage return outside quotes that ends no line; quote the value, or end all lines alike (CRLF or LF)';

/** Where in a value the scanner is. */
type State = 'start' | 'plain' | 'quoted' | 'closed';

/** Lines of a file (`quotes: false`), or records of a CSV file. */
export async function* textRecords(file: string, quotes: boolean): AsyncGenerator<TextRecord> {
  const scanner = new Scanner(quotes);
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 }))
    yield* scanner.push(chunk as Buffer);
  yield* scanner.end();
}

/** The lines of some records, which count from 0 and come in ascending order. */
export async function linesOf(
  records: AsyncIterable<TextRecord>,
  wanted: readonly number[],
): Promise<readonly number[]> {
  const lines: number[] = [];
  let at = 0;
  for await (const { line } of records) {
    if (wanted[lines.length] === at) lines.push(line);
    if (lines.length === wanted.length) break;
    at += 1;
  }
  return lines;
}

/** Cuts bytes into records. */
class Scanner {
  private state: State = 'start';
  private line = 1;
  private begun = 1;
  private kept: Buffer[] = [];
  private length = 0;
  private values = 1;
  private fault: string | null = null;
  /** The byte that ends records; null before the first has ended. */
  private terminator: number | null = null;
  private isFirst = true;

  constructor(private readonly quotes: boolean) {}

  *push(chunk: Buffer): Generator<TextRecord> {
    let from = this.isFirst && chunk.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0;
    this.isFirst = false;
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0;
      const inQuotes = this.state === 'quoted';
      if (!inQuotes && byte === CR) this.carriageReturn(chunk[at + 1]);
      if (!inQuotes && byte === LF) this.terminator ??= LF;
      if (byte === (this.terminator ?? LF)) this.line += 1;
      if (inQuotes || byte !== this.terminator) {
        if (this.quotes && byte !== CR) this.step(byte);
        continue;
      }
      this.keep(chunk.subarray(from, at));
      from = at + 1;
      yield* this.finish();
    }
    this.keep(chunk.subarray(from));
  }

  *end(): Generator<TextRecord> {
    if (this.state === 'quoted') this.fault = OPEN;
    yield* this.finish();
  }

  /** `next`: the byte after it; undefined at a chunk's end, where it is taken for half of CRLF. */
  private carriageReturn(next: number | undefined): void {
    const isPair = next === undefined || next === LF;
    this.terminator ??= isPair ? LF : CR;
    if (this.quotes && this.terminator === LF && !isPair) this.fault ??= LONE_CR;
  }

  private step(byte: number): void {
    switch (this.state) {
      case 'start':
        if (byte === QUOTE) this.state = 'quoted';
        else if (byte === COMMA) this.values += 1;
        else if (byte !== SPACE) this.state = 'plain';
        return;
      case 'plain':
        if (byte === COMMA) this.nextValue();
        return;
      case 'quoted':
        if (byte === QUOTE) this.state = 'closed';
        return;
      case 'closed':
        if (byte === QUOTE) this.state = 'quoted';
        else if (byte === COMMA) this.nextValue();
        else if (byte !== SPACE) this.fault ??= AFTER_QUOTE;
    }
  }

  private nextValue(): void {
    this.values += 1;
    this.state = 'start';
  }

  private keep(bytes: Buffer): void {
    this.length += bytes.length;
    if (this.length > MAX_RECORD_BYTES) this.fault ??= TOO_LONG;
    else if (bytes.length > 0) this.kept.push(bytes);
  }

  private *finish(): Generator<TextRecord> {
    const whole = Buffer.concat(this.kept);
    const bytes = whole.at(-1) === CR ? whole.subarray(0, -1) : whole;
    if (bytes.length > 0 || this.fault !== null) {
      yield { line: this.begun, bytes, values: this.values, fault: this.fault };
    }
    this.state = 'start';
    this.begun = this.line;
    this.kept = [];
    this.length = 0;
    this.values = 1;
    this.fault = null;
  }
}
