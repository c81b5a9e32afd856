import { createReadStream } from 'node:fs';
import { excerpt, fileTrouble, InvalidInput } from '@perennial/values';

/** Also what people write who know no `-`. A socket cannot be opened by this path, so it stands for the open stream. */
const STDIN = ['-', '/dev/stdin', '/dev/fd/0', '/proc/self/fd/0'];

/**
 * The first `most` + 1 bytes of a file, or of stdin for `-`: whoever needs no more than `most` sees that there are more,
 * and an endless file ends. Throws `InvalidInput` when it cannot be read.
 */
export async function readInput(file: string, most: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    const input: AsyncIterable<Uint8Array> = STDIN.includes(file) ? process.stdin : createReadStream(file);
    for await (const chunk of input) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > most) break;
    }
  } catch (cause) {
    const message = `${file === '' ? '""' : excerpt(file)} cannot be read: ${fileTrouble(cause)}.`;
    throw new InvalidInput('CLI.UNREADABLE_FILE', message, { cause });
  }
  return Buffer.concat(chunks).subarray(0, most + 1);
}
