import { recordBytes, type OutRecord } from '@perennial/contracts';
import type { LogProducer } from '@perennial/stream';

/** Of one call: one produce request, for which the time limit of a call is enough. A single record may be larger. */
const PIECE_BYTES = 800_000;

/**
 * Sends any number of records in order, in calls of bounded bytes, one after the other: `send` has one time limit for a call
 * of any size. After an error records before the failed call are written, those after it are not. Throws as `send`.
 */
export async function sendInPieces(
  producer: Pick<LogProducer, 'send'>,
  records: readonly OutRecord[],
  pieceBytes = PIECE_BYTES,
): Promise<void> {
  for (const piece of piecesOf(records, pieceBytes)) await producer.send(piece);
}

function* piecesOf(records: readonly OutRecord[], most: number): Generator<readonly OutRecord[]> {
  let [piece, bytes]: [OutRecord[], number] = [[], 0];
  for (const record of records) {
    const size = recordBytes(record);
    if (piece.length > 0 && bytes + size > most) {
      yield piece;
      [piece, bytes] = [[], 0];
    }
    piece.push(record);
    bytes += size;
  }
  if (piece.length > 0) yield piece;
}
