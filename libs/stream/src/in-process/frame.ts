import { crc32 } from 'node:zlib';
import { type Headers, headersOf, storedHeaders } from '@perennial/contracts';
import { type Instant } from '@perennial/values';
import { fromPairs, type HeaderPairs, toPairs } from '../header-pairs';

/** A record as it is stored; its offset is its place. */
export interface Entry {
  readonly timestamp: Instant;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: Headers;
}

/** Before each body: its length and its checksum, both unsigned 32 bit, big endian. */
export const FRAME_HEAD = 8;
/** Timestamp and three lengths; no body is shorter. */
export const LEAST_BODY = 8 + 3 * 4;

/** Body: timestamp (double), then key, value and headers (JSON of pairs, see header-pairs.ts), each after its length (-1: null). */
export function encodeFrame(entry: Entry): Buffer {
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
export function decodeBody(body: Buffer): Entry {
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
