import type { LogRecord, LogRecords } from '@perennial/contracts';
import { inOrder } from '../wire/record';

/** Everything for readers in the offsets [fromOffset, nextOffset). */
export interface FetchedSlice {
  readonly records: LogRecords;
  /** Kept in memory by the records. */
  readonly bytes: number;
  readonly fromOffset: number;
  readonly nextOffset: number;
  readonly gaps: readonly Gap[];
}

/** Offsets [expected, found) of which the log has nothing. */
export interface Gap {
  readonly expected: number;
  readonly found: number;
}

/** The records of a block from an index on. */
interface Part {
  readonly block: LogRecords;
  readonly start: number;
  readonly length: number;
}

/** Gathers what comes from an offset on. Used again after `finish`: the next slice begins where the last ended. */
export class FetchedSliceBuilder {
  bytes = 0;
  private parts: Part[] = [];
  private gaps: Gap[] = [];
  private nextOffset: number;

  constructor(private fromOffset: number) {
    this.nextOffset = fromOffset;
  }

  get moves(): boolean {
    return this.nextOffset > this.fromOffset;
  }

  /** Of records before the offset nothing is kept. */
  add({ records: block, bytes }: { readonly records: LogRecords; readonly bytes: number }): void {
    let start = 0;
    while (start < block.length && (block.at(start)?.offset ?? 0) < this.nextOffset) start += 1;
    const length = block.length - start;
    if (length === 0) return;
    this.parts.push({ block, start, length });
    this.bytes += bytes;
    const end = (block.at(-1)?.offset ?? 0) + 1;
    if (end - this.nextOffset === length) this.nextOffset = end;
    else for (let index = start; index < block.length; index++) this.endAt(block.at(index)?.offset ?? 0, 1);
  }

  /** Offsets that are not for readers. */
  passTo(first: number, end: number): void {
    this.endAt(first, Math.max(0, end - Math.max(first, this.nextOffset)));
  }

  /** Nothing lies before `offset` any more; from there on come so many offsets that are accounted for. */
  endAt(offset: number, accounted = 0): void {
    if (offset > this.nextOffset) this.gaps.push({ expected: this.nextOffset, found: offset });
    this.nextOffset = Math.max(offset, this.nextOffset) + accounted;
  }

  finish(): FetchedSlice {
    const { bytes, parts, gaps, fromOffset, nextOffset } = this;
    [this.bytes, this.parts, this.gaps, this.fromOffset] = [0, [], [], nextOffset];
    return { records: new Records(parts), bytes, fromOffset, nextOffset, gaps };
  }
}

class Records implements LogRecords {
  readonly length: number;
  /** The part that was asked last, and how many records are before it: they are asked for one after the other. */
  private current = 0;
  private before = 0;

  constructor(private readonly parts: readonly Part[]) {
    this.length = parts.reduce((sum, { length }) => sum + length, 0);
  }

  at(index: number): LogRecord | undefined {
    const place = index < 0 ? this.length + index : index;
    if (place < 0 || place >= this.length) return undefined;
    if (place < this.before) [this.current, this.before] = [0, 0];
    for (let part = this.parts[this.current]; part !== undefined; part = this.parts[++this.current]) {
      if (place < this.before + part.length) return part.block.at(part.start + place - this.before);
      this.before += part.length;
    }
    return undefined;
  }

  [Symbol.iterator](): Iterator<LogRecord> {
    return inOrder(this);
  }
}
