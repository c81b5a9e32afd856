import type { IncomingHttpHeaders } from 'node:http';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { MAX_BODY_BYTES } from '@perennial/config';
import { refuse, type Refusal } from '../outcome';

/** However small a request is, it needs this much while it is in work. */
const LEAST_BYTES = 4 * 1024;

const UNPACK = { gzip: promisify(gunzip), deflate: promisify(inflate), br: promisify(brotliDecompress) } as const;
type Packing = keyof typeof UNPACK | 'identity';

/** What is known of a body before it is read. */
export interface Announced {
  readonly kind: 'announced';
  readonly packing: Packing;
  /** The most it may take. */
  readonly bytes: number;
}

/** Refuses from the headers alone what is too large or cannot be unpacked. */
export function announced(headers: IncomingHttpHeaders): Announced | Refusal {
  const packing = packingOf(headers['content-encoding']);
  if (packing === null) {
    return refuse('unsupported', 'The Content-Encoding is not known: send gzip, deflate, br, or none.');
  }
  const length = Number(headers['content-length'] ?? Number.NaN);
  if (length > MAX_BODY_BYTES) return tooLarge;
  const known = packing === 'identity' && !Number.isNaN(length);
  return { kind: 'announced', packing, bytes: known ? Math.max(length, LEAST_BYTES) : MAX_BODY_BYTES };
}

/** The body, unpacked; never more than the limit is held. */
export async function readBody(chunks: AsyncIterable<Buffer>, { packing }: Announced): Promise<Buffer | Refusal> {
  const read: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > MAX_BODY_BYTES) return tooLarge;
      read.push(chunk);
    }
  } catch {
    return refuse('invalid', 'The body ended early; send the request again.');
  }
  return unpacked(Buffer.concat(read), packing);
}

async function unpacked(body: Buffer, packing: Packing): Promise<Buffer | Refusal> {
  if (packing === 'identity') return body;
  try {
    return await UNPACK[packing](body, { maxOutputLength: MAX_BODY_BYTES });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ERR_BUFFER_TOO_LARGE'
      ? tooLarge
      : refuse('invalid', `The body is not ${packing}, though the Content-Encoding says so.`);
  }
}

function packingOf(encoding: string | undefined): Packing | null {
  const name = encoding?.trim().toLowerCase() ?? 'identity';
  return name === 'identity' || Object.hasOwn(UNPACK, name) ? (name as Packing) : null;
}

const tooLarge = refuse(
  'too-large',
  `The body is larger than ${MAX_BODY_BYTES} bytes (unpacked): send fewer activities in one request.`,
);
