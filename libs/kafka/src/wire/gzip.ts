import { createGunzip } from 'node:zlib';

const CHUNK_BYTES = 64 * 1024;

/** Unpacks beside the main thread, a chunk at a time and none ahead of the reader. */
export async function* unpackGzip(packed: Buffer): AsyncGenerator<Buffer> {
  const stream = createGunzip({ chunkSize: CHUNK_BYTES });
  stream.end(packed);
  for await (const chunk of stream) yield chunk as Buffer;
}
