/** Bytes in one buffer that doubles: chunks of a byte each would take a hundred times what they hold. */
export interface GrowingBytes {
  readonly buffer: Buffer;
  /** Of them used. */
  readonly length: number;
}

export const NO_BYTES: GrowingBytes = { buffer: Buffer.alloc(0), length: 0 };

/** Takes `held`: its buffer is written to. */
export function appendBytes({ buffer, length }: GrowingBytes, chunk: Uint8Array): GrowingBytes {
  const needed = length + chunk.length;
  const room = needed <= buffer.length ? buffer : Buffer.allocUnsafe(Math.max(needed, 2 * buffer.length));
  if (room !== buffer) buffer.copy(room, 0, 0, length);
  room.set(chunk, length);
  return { buffer: room, length: needed };
}

export function bytesOf({ buffer, length }: GrowingBytes): Buffer {
  return buffer.subarray(0, length);
}
