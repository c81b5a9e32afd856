import { unpackGzip } from './gzip';
import { unpackLz4 } from './lz4';
import { unpackSnappy } from './snappy';
import { unpackZstd } from './zstd';

/** Chunks of bounded size, each made when it is asked for; throws for what is damaged. Chunks are the reader's to keep. */
export type Unpack = (packed: Buffer) => Iterable<Buffer> | AsyncIterable<Buffer>;

/** By the number that the attributes of a batch name. */
const CODECS: readonly (Unpack | null)[] = [null, unpackGzip, unpackSnappy, unpackLz4, unpackZstd];

/** Null: the records are not packed. */
export function unpackerOf(codec: number): Unpack | null {
  const unpack = CODECS[codec];
  if (unpack === undefined) throw new Error(`its codec ${codec} is not known`);
  return unpack;
}
