/**
 * One partition in one append-only file; in memory only where each record starts. The format is our own; big endian:
 *
 * | field | bytes | meaning |
 * | --- | --- | --- |
 * | length | 4 (u32) | of the body: all fields after the checksum |
 * | checksum | 4 (u32) | CRC-32 (IEEE, as zlib's) of the body |
 * | timestamp | 8 (double) | append time, in ms |
 * | key | 4 (i32) + n | length and bytes; -1: null |
 * | value | 4 (i32) + n | length and bytes; -1: null |
 * | headers | 4 (i32) + n | length and JSON, see `HeaderPairs`; files of before have an object of texts |
 *
 * Invariants:
 * 1. A record is in the file whole or not at all: what a killed process left half written at the end is cut off when
 *    the file is opened, and what a failed write left is cut off at once.
 * 2. Damage anywhere else is never skipped: opening fails and says where.
 * What was appended survives the end of the process; like Kafka's, it reaches the disk when the system writes it.
 */
import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { type Headers, headersOf, type LogRecord, storedHeaders } from '@perennial/contracts';
import { InvariantViolation, RetryableError, type Instant } from '@perennial/values';
import { fromPairs, type HeaderPairs, toPairs } from '../records';
import type { Entry, ReadLimit, Segment } from './segment';

/** Length and checksum. */
const FRAME_HEAD = 8;
/** Timestamp and three lengths; no body is shorter. */
const LEAST_BODY = 8 + 3 * 4;

export class FileSegment implements Segment {
  private readonly file: number;
  /** Where each record starts. */
  private readonly starts: number[] = [];
  private end = 0;
  private last: Instant = 0;

  constructor(private readonly path: string) {
    this.file = openSync(path, 'a+', 0o600);
    try {
      this.load();
    } catch (error) {
      closeSync(this.file);
      throw error;
    }
  }

  get count(): number {
    return this.starts.length;
  }

  get lastTimestamp(): Instant {
    return this.last;
  }

  append(entries: readonly Entry[]): void {
    const frames = entries.map(encodeFrame);
    this.write(Buffer.concat(frames));
    for (const frame of frames) {
      this.starts.push(this.end);
      this.end += frame.length;
    }
    this.last = entries.at(-1)?.timestamp ?? this.last;
  }

  read(from: number, limit: ReadLimit): readonly LogRecord[] {
    const start = this.startOf(from);
    let to = from + 1;
    while (to < this.count && to - from < limit.records && this.startOf(to + 1) - start <= limit.bytes) to += 1;
    const bytes = this.readAt(start, this.startOf(to) - start);
    return this.starts.slice(from, to).map((at, index) => {
      const body = bytes.subarray(at - start + FRAME_HEAD, this.startOf(from + index + 1) - start);
      return { offset: from + index, ...decodeBody(body) };
    });
  }

  close(): void {
    closeSync(this.file);
  }

  private startOf(offset: number): number {
    return this.starts[offset] ?? this.end;
  }

  private load(): void {
    const size = fstatSync(this.file).size;
    while (this.end < size) {
      const length = this.bodyLength(size);
      if (length === null) {
        ftruncateSync(this.file, this.end);
        return;
      }
      this.starts.push(this.end);
      this.end += FRAME_HEAD + length;
    }
  }

  /** Length of the body of the frame at `end`; null when the file was left half written there. */
  private bodyLength(size: number): number | null {
    const left = size - this.end;
    if (left < FRAME_HEAD + LEAST_BODY) return null;
    const head = this.readAt(this.end, FRAME_HEAD);
    const length = head.readUInt32BE(0);
    if (FRAME_HEAD + length > left) return null;
    const body = this.readAt(this.end + FRAME_HEAD, length);
    if (length >= LEAST_BODY && crc32(body) === head.readUInt32BE(4)) {
      this.last = decodeBody(body).timestamp;
      return length;
    }
    if (FRAME_HEAD + length === left) return null;
    throw new InvariantViolation(
      'STREAM.LOG_DAMAGED',
      `the log file ${this.path} is damaged at byte ${this.end}, record ${this.count}; ` +
        'restore it from a copy, or start anew (`perennial up --reset`)',
    );
  }

  private write(bytes: Buffer): void {
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(this.file, bytes, done);
    } catch (error) {
      ftruncateSync(this.file, this.end);
      throw new RetryableError('STREAM.LOG_NOT_WRITTEN', `cannot write to ${this.path}; is the disk full?`, {
        cause: error,
      });
    }
  }

  private readAt(position: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    readSync(this.file, bytes, 0, length, position);
    return bytes;
  }
}

function encodeFrame(entry: Entry): Buffer {
  const headers = Buffer.from(JSON.stringify(toPairs(entry.headers)));
  const length = LEAST_BODY + (entry.key?.length ?? 0) + (entry.value?.length ?? 0) + headers.length;
  const frame = Buffer.allocUnsafe(FRAME_HEAD + length);
  let at = frame.writeDoubleBE(entry.timestamp, FRAME_HEAD);
  for (const bytes of [entry.key, entry.value, headers]) {
    at = frame.writeInt32BE(bytes === null ? -1 : bytes.length, at);
    if (bytes === null) continue;
    frame.set(bytes, at);
    at += bytes.length;
  }
  frame.writeUInt32BE(length, 0);
  frame.writeUInt32BE(crc32(frame.subarray(FRAME_HEAD)), 4);
  return frame;
}

/** Reads a body whose checksum was verified. */
function decodeBody(body: Buffer): Entry {
  let at = 8;
  const bytes = (): Buffer | null => {
    const length = body.readInt32BE(at);
    at += 4;
    if (length < 0) return null;
    at += length;
    return body.subarray(at - length, at);
  };
  const [key, value, headers] = [bytes(), bytes(), bytes()];
  return { timestamp: body.readDoubleBE(0), key, value, headers: readHeaders(String(headers)) };
}

/** Files of before have an object of texts. */
function readHeaders(json: string): Headers {
  const stored = JSON.parse(json) as HeaderPairs | Record<string, string>;
  return Array.isArray(stored) ? fromPairs(stored) : storedHeaders(headersOf(stored));
}
