import { type StateRow, StateRows } from '@perennial/processor';

/**
 * The newest state of each customer that some rows of the log changed. Only the rows' bytes are kept, and by key where in
 * them the state is: an object for each would keep the garbage collector busy.
 */
export class MemTable {
  /** Bytes of all rows. */
  bytes = 0;
  /** First offset of the newest row; null: there is none. */
  through: number | null = null;
  private readonly rows: Uint8Array[] = [];
  private readonly starts: number[] = [];
  /** Counted in bytes from the first row, so that it stays a small integer. */
  private readonly places = new Map<string, number>();

  get customers(): number {
    return this.places.size;
  }

  /** The next row of the partition's log. */
  add(firstOffset: number, { bytes, keys, places }: StateRows): void {
    keys.forEach((key, index) => this.places.set(key, this.bytes + (places[index] ?? 0)));
    this.rows.push(bytes);
    this.starts.push(this.bytes);
    this.bytes += bytes.length;
    this.through = firstOffset;
  }

  get(key: string): StateRow | undefined {
    const place = this.places.get(key);
    return place === undefined ? undefined : this.read(place);
  }

  /** All states, at most `size` at a time. */
  *chunks(size: number): Iterable<readonly StateRow[]> {
    let chunk: StateRow[] = [];
    for (const place of this.places.values()) {
      chunk.push(this.read(place));
      if (chunk.length < size) continue;
      yield chunk;
      chunk = [];
    }
    if (chunk.length > 0) yield chunk;
  }

  private read(place: number): StateRow {
    const row = this.rowOf(place);
    return StateRows.rowAt(this.rows[row] ?? NOTHING, place - (this.starts[row] ?? 0));
  }

  /** The last row that starts at or before a place. */
  private rowOf(place: number): number {
    let [low, high] = [0, this.starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= place) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

const NOTHING = new Uint8Array(0);
