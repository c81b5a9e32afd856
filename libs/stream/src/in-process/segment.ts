import { type Headers, type LogRecord, recordBytes } from '@perennial/contracts';
import { type Instant } from '@perennial/values';

/** A record as it is stored; its offset is its place. */
export interface Entry {
  readonly timestamp: Instant;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: Headers;
}

/** How much one read returns at most; one record is returned whatever its size. */
export interface ReadLimit {
  readonly records: number;
  readonly bytes: number;
}

/** The records of one partition, in memory or in a file. Offsets count from 0 without gaps. */
export interface Segment {
  readonly count: number;
  /** Append time of the last record; 0 when empty. */
  readonly lastTimestamp: Instant;
  /** All or nothing. */
  append(entries: readonly Entry[]): void;
  /** Records from an offset below `count`. */
  read(from: number, limit: ReadLimit): readonly LogRecord[];
  close(): void;
}

/** What records keep in memory, near enough. */
export function bytesOf(records: readonly LogRecord[]): number {
  return records.reduce((sum, { key, value }) => sum + (key?.length ?? 0) + (value?.length ?? 0), 0);
}

export class MemorySegment implements Segment {
  private readonly records: LogRecord[] = [];

  get count(): number {
    return this.records.length;
  }

  get lastTimestamp(): Instant {
    return this.records.at(-1)?.timestamp ?? 0;
  }

  append(entries: readonly Entry[]): void {
    for (const entry of entries) {
      // The sender may use its bytes again.
      const value = entry.value && Buffer.from(entry.value);
      this.records.push({ offset: this.records.length, ...entry, value });
    }
  }

  read(from: number, limit: ReadLimit): readonly LogRecord[] {
    let bytes = 0;
    let end = from;
    for (const record of this.records.slice(from, from + limit.records)) {
      bytes += recordBytes(record);
      if (end > from && bytes > limit.bytes) break;
      end += 1;
    }
    return this.records.slice(from, end);
  }

  close(): void {
    this.records.length = 0;
  }
}
