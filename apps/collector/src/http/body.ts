/** The body of a request: read and unpacked within its bounds, then parsed. */
import type { IncomingHttpHeaders } from 'node:http';
import { pipeline, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { MAX_BODY_BYTES } from '@perennial/config';
import { isShallow, type Json } from '@perennial/values';
import type { Share } from '../in-flight';
import { refuse, type Refusal } from '../outcome';

/** Most bytes of a body that is read before its write key is known, on the wire and unpacked: a batch as Segment allows it, 500 KB. */
export const MAX_KEYLESS_BODY_BYTES = 512 * 1024;
/** Bytes of all such bodies at the same time. */
export const KEYLESS_BYTES = 4 * 1024 * 1024;

/** However small a request is, it needs this much while it is in work. */
const LEAST_BYTES = 4 * 1024;
/** What unpacking takes before it gives a byte. */
const UNPACKING_BYTES = 64 * 1024;

const UNPACK: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** What is known of a body before it is read. */
export interface Announced {
  readonly kind: 'announced';
  /** The Content-Encoding; null for none. */
  readonly packing: string | null;
  /** Bytes on the wire; 0 where the request does not say. */
  readonly length: number;
  /** Bytes to set aside before any has come. */
  readonly least: number;
}

/** Refuses from the headers alone what is too large or cannot be unpacked. */
export function announced(headers: IncomingHttpHeaders): Announced | Refusal {
  const name = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  const packing = name === 'identity' || name === '' ? null : name;
  if (packing !== null && !Object.hasOwn(UNPACK, packing)) {
    return refuse('unsupported', 'The Content-Encoding is not known: send gzip, deflate, br, or none.');
  }
  const length = Number(headers['content-length'] ?? 0);
  if (length > MAX_BODY_BYTES) return tooLarge;
  return { kind: 'announced', packing, length, least: packing === null ? LEAST_BYTES : UNPACKING_BYTES };
}

/** How far a body is read. */
export interface Bounds {
  /** Most bytes, on the wire and unpacked. */
  readonly most: number;
  /** What is said to a body with more. */
  readonly beyond: Refusal;
  /** Grows with the bytes that are held. */
  readonly share: Share;
}

/** The body, unpacked; reads and unpacks no further than its bounds. */
export async function readBody(
  chunks: AsyncIterable<Buffer>,
  packing: string | null,
  bounds: Bounds,
): Promise<Buffer | Refusal> {
  const unpack = packing === null ? undefined : UNPACK[packing];
  if (packing !== null && unpack !== undefined) return readPacked(chunks, unpack(), packing, bounds);
  try {
    return await collect(chunks, bounds);
  } catch {
    return incomplete;
  }
}

async function readPacked(
  chunks: AsyncIterable<Buffer>,
  unpacking: Transform,
  packing: string,
  bounds: Bounds,
): Promise<Buffer | Refusal> {
  const end: { refusal: Refusal | null } = { refusal: null };
  async function* packed(): AsyncGenerator<Buffer> {
    let bytes = 0;
    try {
      for await (const chunk of chunks) {
        bytes += chunk.length;
        if (bytes > bounds.most) end.refusal = bounds.beyond;
        if (end.refusal !== null) return;
        yield chunk;
      }
    } catch {
      end.refusal = incomplete;
    }
  }
  try {
    const body = await collect(
      pipeline(packed, unpacking, () => undefined),
      bounds,
    );
    return end.refusal ?? body;
  } catch {
    return end.refusal ?? refuse('invalid', `The body is not ${packing}, though the Content-Encoding says so.`);
  }
}

async function collect(chunks: AsyncIterable<Buffer>, { most, beyond, share }: Bounds): Promise<Buffer | Refusal> {
  let held = NO_BYTES;
  for await (const chunk of chunks) {
    if (held.length + chunk.length > most) return beyond;
    if (!share.grow(chunk.length)) return busy;
    held = appendBytes(held, chunk);
  }
  return bytesOf(held);
}

export const tooLarge = refuse(
  'too-large',
  `The body is larger than ${MAX_BODY_BYTES} bytes (unpacked): send fewer activities in one request.`,
);
export const busy = refuse(
  'busy',
  'More requests are in work than there is room for: send the request again, a little later.',
);
const incomplete = refuse('incomplete', 'The body ended early, or did not come in time: send the request again.');

/** Bytes in one buffer that doubles: chunks of a byte each would take a hundred times what they hold. */
interface GrowingBytes {
  readonly buffer: Buffer;
  /** Of them used. */
  readonly length: number;
}

const NO_BYTES: GrowingBytes = { buffer: Buffer.alloc(0), length: 0 };

/** Takes `held`: its buffer is written to. */
function appendBytes({ buffer, length }: GrowingBytes, chunk: Uint8Array): GrowingBytes {
  const needed = length + chunk.length;
  const room = needed <= buffer.length ? buffer : Buffer.allocUnsafe(Math.max(needed, 2 * buffer.length));
  if (room !== buffer) buffer.copy(room, 0, 0, length);
  room.set(chunk, length);
  return { buffer: room, length: needed };
}

function bytesOf({ buffer, length }: GrowingBytes): Buffer {
  return buffer.subarray(0, length);
}

/** Properties may nest 32 levels; they may stand in a message, in an event, in a batch. */
const MAX_LEVELS = 40;

const utf8 = new TextDecoder('utf-8', { fatal: true });

interface Parsed {
  readonly kind: 'body';
  readonly json: Json;
}

/** The body as JSON, nested so deep at most that walking it is safe. */
export function readJson(bytes: Uint8Array): Parsed | Refusal {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return refuse('invalid', 'The body is not UTF-8: send JSON in UTF-8.');
  }
  try {
    const json = JSON.parse(text) as Json;
    return isShallow(json, MAX_LEVELS)
      ? { kind: 'body', json }
      : refuse('invalid', `The body nests deeper than ${MAX_LEVELS} levels: send flatter data.`);
  } catch {
    return refuse('invalid', 'The body is not JSON: send one JSON document.');
  }
}
