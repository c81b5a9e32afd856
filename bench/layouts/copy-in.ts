/** COPY FROM STDIN in PostgreSQL's binary format; the driver has no call of its own for it. */
import type { Connection, Submittable } from 'pg';
import type { StateRow } from '@perennial/processor';

/** What the driver's connection also does, but its types do not tell. */
interface CopyConnection {
  sendCopyFromChunk(bytes: Uint8Array): void;
  endCopyFrom(): void;
}

/** One COPY with all its data; for clients without pipelining. The driver calls the methods by name. */
export class CopyIn implements Submittable {
  readonly done: Promise<void>;
  private settle: (error: Error | null) => void = () => undefined;

  constructor(
    private readonly text: string,
    private readonly bytes: Uint8Array,
  ) {
    this.done = new Promise((resolve, reject) => {
      this.settle = (error) => {
        if (error === null) resolve();
        else reject(error);
      };
    });
  }

  submit(connection: Connection): void {
    connection.query(this.text);
  }

  handleCopyInResponse(connection: CopyConnection): void {
    connection.sendCopyFromChunk(this.bytes);
    connection.endCopyFrom();
  }

  /** Of the COPY; that the server is ready again follows. */
  handleCommandComplete(): void {
    // nothing to keep: how many rows came is known
  }

  handleReadyForQuery(): void {
    this.settle(null);
  }

  handleError(error: Error): void {
    this.settle(error);
  }
}

const SIGNATURE = Buffer.from('PGCOPY\n\u00ff\r\n\0', 'latin1');
/** Flags and the length of an extension: none. */
const HEADER_REST = 8;
const COLUMNS = 5;
/** Number of columns, a length before each, and the two numbers: partition and version. */
const ROW_BYTES = 2 + COLUMNS * 4 + 4 + 8;
const END = -1;

/** The rows of (partition, key, stage, version, packed). */
export function copyFrames(partition: number, states: readonly StateRow[]): Buffer {
  const bytes = Buffer.alloc(sizeOf(states));
  let at = SIGNATURE.copy(bytes) + HEADER_REST;
  for (const { key, label, version, packed } of states) {
    at = bytes.writeInt16BE(COLUMNS, at);
    at = bytes.writeInt32BE(partition, bytes.writeInt32BE(4, at));
    at = writeText(bytes, key, at);
    at = writeText(bytes, label, at);
    at = bytes.writeBigInt64BE(BigInt(version), bytes.writeInt32BE(8, at));
    at = bytes.writeInt32BE(packed.length, at);
    bytes.set(packed, at);
    at += packed.length;
  }
  return bytes.subarray(0, bytes.writeInt16BE(END, at));
}

function sizeOf(states: readonly StateRow[]): number {
  const rows = states.reduce(
    (sum, { key, label, packed }) =>
      sum + ROW_BYTES + Buffer.byteLength(key) + Buffer.byteLength(label) + packed.length,
    0,
  );
  return SIGNATURE.length + HEADER_REST + rows + 2;
}

function writeText(bytes: Buffer, text: string, at: number): number {
  const length = bytes.write(text, at + 4);
  return bytes.writeInt32BE(length, at) + length;
}
