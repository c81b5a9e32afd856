/** Compressed files, decompressed into the folder of the database before they are read: lines are counted in them, twice if need be. */
import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { InvalidInput } from '@perennial/values';
import { Decompress } from 'fzstd';
import type { HistoryFile, Packing } from './source';

/** What files begin with; those of zstd also with a frame that is skipped, as of pzstd. Sources: RFC 1952, 2.3.1; RFC 8878, 3.1.1 and 3.1.2. */
const MAGIC: Readonly<Record<Packing, RegExp>> = { gz: /^1f8b/, zst: /^(28b52ffd|5.2a4d18)/ };
const PROGRAMS: Readonly<Record<Packing, string>> = { gz: 'gzip', zst: 'zstd' };
const READ_BYTES = 256 * 1024;
const SLICE_BYTES = 64;

/** The file itself, or what is in it. Throws `InvalidInput` when it cannot be decompressed, or there is no room for it. */
export async function unpackedFile(source: HistoryFile, folder: string, signal?: AbortSignal): Promise<HistoryFile> {
  const { packing, name, file } = source;
  if (packing === null) return source;
  await refuseOtherPacking(name, file, packing);
  const to = join(folder, 'unpacked');
  const output = createWriteStream(to, { mode: 0o600 });
  try {
    const input = createReadStream(file, { highWaterMark: READ_BYTES });
    await pipeline(input, packing === 'gz' ? createGunzip() : unzstd, output, { signal });
  } catch (cause) {
    signal?.throwIfAborted();
    throw unpackingFailed(name, folder, packing, cause);
  }
  return { ...source, file: to, packing: null };
}

async function refuseOtherPacking(name: string, file: string, packing: Packing): Promise<void> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    if (MAGIC[packing].test(buffer.toString('hex', 0, bytesRead))) return;
  } finally {
    await handle.close();
  }
  throw new InvalidInput(
    'HISTORY.PACKED',
    `${name} is not compressed by ${PROGRAMS[packing]}: name it by what it is, without .${packing} if it is not compressed.`,
  );
}

const NO_ROOM = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/** Errors of the system are told as they are, but for a lack of room. */
function unpackingFailed(name: string, folder: string, packing: Packing, cause: unknown): unknown {
  const isSystem = typeof cause === 'object' && cause !== null && 'syscall' in cause;
  const hasNoRoom = isSystem && 'code' in cause && NO_ROOM.includes(String(cause.code));
  if (isSystem && !hasNoRoom) return cause;
  const says = hasNoRoom
    ? `does not fit decompressed into ${folder}: make room there, or name a folder on another disk in TMPDIR`
    : `cannot be decompressed: it is cut off or damaged. Copy it again; ${PROGRAMS[packing]} -t says whether it is whole`;
  return new InvalidInput('HISTORY.PACKED', `${name} ${says}.`, { cause });
}

/**
 * At most what a slice unpacks to waits to be written: some blocks of 128 KiB, of 4 bytes each where one byte is repeated. Throws what
 * fzstd throws: for a damaged file, and for one that ends too early.
 */
async function* unzstd(input: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
  const blocks: Uint8Array[] = [];
  const unpacker = new Decompress((block) => {
    blocks.push(block);
  });
  for await (const bytes of input) {
    for (let start = 0; start < bytes.length; start += SLICE_BYTES) {
      unpacker.push(bytes.subarray(start, start + SLICE_BYTES));
      yield* blocks.splice(0);
    }
  }
  unpacker.push(new Uint8Array(0), true);
  yield* blocks.splice(0);
}
