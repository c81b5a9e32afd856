/**
 * One partition in one append-only file; in memory only where each record starts.
 * Invariants:
 * 1. A record is in the file whole or not at all: what a killed process left half written at the end is cut off when
 *    the file is opened, and what a failed write left is cut off at once.
 * 2. Damage anywhere else is never skipped: opening fails and says where.
 * What was appended survives the end of the process; like Kafka's, it reaches the disk when the system writes it.
 */
import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { type LogRecord } from '@perennial/contracts';
import { InvariantViolation, RetryableError, type Instant } from '@perennial/values';
import { decodeBody, encodeFrame, FRAME_HEAD, LEAST_BODY, type Entry } from './frame';
import type { ReadLimit, Segment } from './segment';

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
