/** Packed bytes within a larger buffer: pointing at them costs less than a view of their own. */
export interface ByteSlice {
  readonly bytes: Uint8Array;
  /** Of the same memory as `bytes`. */
  readonly view: DataView;
  readonly start: number;
  /** Before here it ends. */
  readonly end: number;
}

/** All of some bytes: a view, no copy. */
export const sliceOf = (bytes: Uint8Array): ByteSlice => ({
  bytes,
  view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  start: 0,
  end: bytes.length,
});

/** An empty slice. */
export const NO_BYTES: ByteSlice = sliceOf(new Uint8Array(0));

/** Up to here a loop beats a view of the source and a call into C++. */
const SHORT = 512;

/** Copies a slice to `at` of other memory, where there is room for it. */
export function copySlice({ bytes, view, start, end }: ByteSlice, to: Uint8Array, toView: DataView, at: number): void {
  const length = end - start;
  if (length > SHORT) {
    to.set(bytes.subarray(start, end), at);
    return;
  }
  const whole = length & ~3;
  for (let done = 0; done < whole; done += 4) toView.setUint32(at + done, view.getUint32(start + done));
  for (let done = whole; done < length; done++) to[at + done] = bytes[start + done] ?? 0;
}
