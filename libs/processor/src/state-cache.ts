/**
 * Packed states of one partition's customers, read through and written through. Legal because the partition has one
 * owner: a fenced owner throws its cache away.
 *
 * 1. Bounded in bytes, as of the last `trim`. Two generations: what is used moves to the young one, and when that holds half of
 *    the bound, the old one is dropped whole.
 * 2. What a micro-batch has changed stays until it is committed, whatever the bound: only here is it known meanwhile.
 * 3. Bytes lie in large slabs: millions of small objects would keep the garbage collector busy, and take several times the room.
 *
 * A state in a slab, from a multiple of eight bytes on; in memory only. Numbers are uint32, big-endian:
 *
 * | field | bytes | meaning |
 * | --- | --- | --- |
 * | capacity | 4 | bytes from the state on that are its own, a multiple of eight |
 * | length | 4 | of the state |
 * | state | as many | as the service serializes it |
 * | room to grow | the rest of the capacity | |
 */
import { copySlice, type ByteSlice } from '@perennial/codec';

const SLAB_BYTES = 1024 * 1024;
/** Capacity and length. */
const HEADER_BYTES = 8;
/** Places are counted in these, so that their numbers stay small integers. */
const ALIGNMENT = 8;
/** Of a slab. */
const PLACES = SLAB_BYTES / ALIGNMENT;
/** What a key and its entry take beside the bytes, about. */
const ENTRY_BYTES = 100;
const ABSENT = -1;

/** A bounded map of key → serialized state; a key may be known to have none. */
export class StateCache {
  private young = new Generation();
  private old = new Generation();

  constructor(private readonly limitBytes: number) {}

  /** Null: the customer is known not to exist. Undefined: not known. Good until the key's next `set`. */
  get(key: string): ByteSlice | null | undefined {
    const state = this.young.get(key);
    if (state !== undefined) return state;
    const older = this.old.get(key);
    if (older !== undefined) this.set(key, older);
    return older;
  }

  set(key: string, state: ByteSlice | null): void {
    this.young.set(key, state);
  }

  /** Forgets what is too much. Only between micro-batches (invariant 2). */
  trim(): void {
    if (this.young.bytes <= this.limitBytes / 2) return;
    this.old = this.young;
    this.young = new Generation();
  }
}

class Generation {
  bytes = 0;
  private readonly places = new Map<string, number>();
  private readonly slabs: Slab[] = [];
  private used = SLAB_BYTES;

  get(key: string): ByteSlice | null | undefined {
    const place = this.places.get(key);
    if (place === undefined) return undefined;
    if (place === ABSENT) return null;
    const { view, bytes } = this.slab(place);
    const at = startOf(place);
    const start = at + HEADER_BYTES;
    return { bytes, view, start, end: start + view.getUint32(at + 4) };
  }

  set(key: string, state: ByteSlice | null): void {
    const before = this.places.get(key);
    if (before === undefined) this.bytes += ENTRY_BYTES;
    if (state === null) {
      this.places.set(key, ABSENT);
      return;
    }
    const length = state.end - state.start;
    const fits = before !== undefined && before !== ABSENT && this.capacity(before) >= length;
    const place = fits ? before : this.allocate(length);
    if (!fits) this.places.set(key, place);
    const { view, bytes } = this.slab(place);
    const at = startOf(place);
    view.setUint32(at + 4, length);
    copySlice(state, bytes, view, at + HEADER_BYTES);
  }

  private capacity(place: number): number {
    return this.slab(place).view.getUint32(startOf(place));
  }

  private slab(place: number): Slab {
    const slab = this.slabs[Math.floor(place / PLACES)];
    if (slab === undefined) throw new RangeError(`no slab of place ${place}`);
    return slab;
  }

  /** With some room to grow: a state seldom stays as long as it was. */
  private allocate(length: number): number {
    const capacity = Math.ceil((length * 1.25) / ALIGNMENT) * ALIGNMENT;
    const needed = HEADER_BYTES + capacity;
    if (this.used + needed > SLAB_BYTES) {
      this.slabs.push(slabOf(Math.max(SLAB_BYTES, needed)));
      this.used = 0;
    }
    const at = this.used;
    this.used += needed;
    this.bytes += needed;
    this.slabs.at(-1)?.view.setUint32(at, capacity);
    return (this.slabs.length - 1) * PLACES + at / ALIGNMENT;
  }
}

/** The same memory twice. */
interface Slab {
  readonly view: DataView;
  readonly bytes: Uint8Array;
}

function slabOf(length: number): Slab {
  const memory = new ArrayBuffer(length);
  return { view: new DataView(memory), bytes: new Uint8Array(memory) };
}

/** Where in its slab a place is. */
const startOf = (place: number): number => (place % PLACES) * ALIGNMENT;
