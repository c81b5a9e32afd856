/** What a micro-batch publishes, as one blob of bytes; what its entries are, only the service knows. */

/** Writes the blob of one micro-batch. */
export interface OutboxWriter {
  /** Bytes so far. */
  readonly size: number;
  /** The blob, null when nothing was written; the next one begins. */
  finish(): Uint8Array | null;
}

/** Reads a blob request by request. */
export interface OutboxReader<Entry> {
  /** The next entries; none when the blob has ended. */
  take(most: RequestSize): Entry[];
}

/** The most that one request holds. */
export interface RequestSize {
  readonly records: number;
  /** A single record may be larger. */
  readonly bytes: number;
}
