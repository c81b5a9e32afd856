/**
 * Accumulates the records of `send` calls into requests.
 * Invariants:
 * 1. One request at a time, records in the order of the calls: a later request never overtakes an earlier one.
 * 2. A call is acknowledged or has failed within the time limit; afterwards none of its records is sent. (A relay that
 *    holds a lease relies on it.)
 * 3. A call fails for its own records only: a request that is refused for one of them is sent again call by call.
 * 4. What waits is bounded in bytes; beyond, calls fail at once.
 * 5. A request begins with half of the time limit left, or not at all: one that has to be given up half-way may have been
 *    written and is sent again, and its session is lost.
 */
import { type Emission, emissionBytes } from '@perennial/contracts';
import { type Acknowledged, logClosed } from '@perennial/stream';
import { InvalidInput, RetryableError } from '@perennial/values';

/** Where the records of a request went: record by record the index of its batch in `batches`, and its place in the batch. */
export interface RecordMetadata {
  readonly batchOf: Uint32Array;
  readonly indexIn: Uint32Array;
  readonly batches: readonly Acknowledged[];
}
/** Sends a request; ends by the deadline, in ms on the clock of `performance.now()`. */
export type Transport = (records: readonly Emission[], deadline: number) => Promise<RecordMetadata>;

export interface SendLimits {
  readonly maxRequestBytes: number;
  readonly maxQueuedBytes: number;
  readonly timeoutMs: number;
}

/** One call of `send`. */
interface PendingSend {
  readonly deadline: number;
  /** Chunks that are not acknowledged. */
  left: number;
  readonly acknowledged: Map<string, Acknowledged>;
  readonly resolve: (acknowledged: readonly Acknowledged[]) => void;
  readonly reject: (error: unknown) => void;
  failed: boolean;
}
/** As much of a call as fits into a request. */
interface SendChunk {
  readonly records: readonly Emission[];
  readonly bytes: number;
  readonly send: PendingSend;
}

const MAX_REQUEST_RECORDS = 10_000;
/** As a share of the time limit: a request does not begin with less (invariant 5). */
const MIN_TIME_LEFT = 0.5;

export class RecordAccumulator {
  private chunks: SendChunk[] = [];
  private queuedBytes = 0;
  private closed = false;
  private draining: Promise<void> | null = null;

  constructor(
    private readonly transport: Transport,
    private readonly limits: SendLimits,
  ) {}

  send(records: readonly Emission[]): Promise<readonly Acknowledged[]> {
    if (this.closed) return Promise.reject(logClosed());
    if (records.length === 0) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      const deadline = performance.now() + this.limits.timeoutMs;
      const send: PendingSend = { deadline, left: 0, acknowledged: new Map(), resolve, reject, failed: false };
      const chunks = chunksOf(records, send, this.limits.maxRequestBytes);
      const bytes = sum(chunks);
      if (this.queuedBytes > 0 && this.queuedBytes + bytes > this.limits.maxQueuedBytes) {
        reject(new RetryableError('STREAM.PRODUCER_FULL', `${this.queuedBytes} bytes wait to be sent already`));
        return;
      }
      send.left = chunks.length;
      this.queuedBytes += bytes;
      this.chunks.push(...chunks);
      this.draining ??= this.drain();
    });
  }

  /** Fails what waits; resolves when the request on its way has ended. */
  async close(): Promise<void> {
    this.closed = true;
    for (const { send } of this.chunks) fail(send, logClosed());
    await this.draining;
  }

  private async drain(): Promise<void> {
    // Calls of the same turn go together.
    await Promise.resolve();
    for (let next = this.nextRequest(); next.length > 0; next = this.nextRequest()) await this.request(next);
    this.draining = null;
  }

  /** Takes the chunks of the next request off the queue; chunks of calls that failed are dropped. */
  private nextRequest(): readonly SendChunk[] {
    const taken: SendChunk[] = [];
    let [bytes, records, passed] = [0, 0, 0];
    for (const chunk of this.chunks) {
      if (this.isDue(chunk.send)) {
        const full =
          bytes + chunk.bytes > this.limits.maxRequestBytes || records + chunk.records.length > MAX_REQUEST_RECORDS;
        if (taken.length > 0 && full) break;
        taken.push(chunk);
        bytes += chunk.bytes;
        records += chunk.records.length;
      }
      passed += 1;
    }
    this.queuedBytes -= sum(this.chunks.slice(0, passed));
    this.chunks = this.chunks.slice(passed);
    return taken;
  }

  private isDue(send: PendingSend): boolean {
    const latest = send.deadline - this.limits.timeoutMs * MIN_TIME_LEFT;
    if (!send.failed && performance.now() >= latest) {
      fail(send, new RetryableError('STREAM.SEND_TIMED_OUT', 'earlier records took all the time this call had'));
    }
    return !send.failed;
  }

  private async request(chunks: readonly SendChunk[]): Promise<void> {
    try {
      const deadline = Math.min(...chunks.map(({ send }) => send.deadline));
      const metadata = await this.transport(recordsOf(chunks), deadline);
      let start = 0;
      for (const { send, records } of chunks) acknowledge(send, metadata, start, (start += records.length));
    } catch (error) {
      const sends = new Set(chunks.map(({ send }) => send));
      if (sends.size === 1 || !(error instanceof InvalidInput)) {
        for (const send of sends) fail(send, error);
        return;
      }
      for (const send of sends) await this.request(chunks.filter((chunk) => chunk.send === send));
    }
  }
}

function recordsOf(chunks: readonly SendChunk[]): readonly Emission[] {
  const [only] = chunks;
  return chunks.length === 1 && only !== undefined ? only.records : chunks.flatMap(({ records }) => records);
}

function chunksOf(records: readonly Emission[], send: PendingSend, maxBytes: number): SendChunk[] {
  const chunks: SendChunk[] = [];
  let [start, bytes] = [0, 0];
  const end = (at: number): void => {
    chunks.push({ records: start === 0 && at === records.length ? records : records.slice(start, at), bytes, send });
    [start, bytes] = [at, 0];
  };
  records.forEach((record, at) => {
    const size = emissionBytes(record);
    if (at > start && (bytes + size > maxBytes || at - start === MAX_REQUEST_RECORDS)) end(at);
    bytes += size;
  });
  end(records.length);
  return chunks;
}

/** A chunk of a call was acknowledged: the records from `from` to before `to` of its request. */
function acknowledge(send: PendingSend, { batchOf, indexIn, batches }: RecordMetadata, from: number, to: number): void {
  const seen = new Set<number>();
  for (let at = from; at < to; at++) {
    const number = batchOf[at] ?? 0;
    const batch = batches[number];
    if (batch === undefined || seen.has(number)) continue;
    seen.add(number);
    const id = `${batch.topic}/${batch.partition}`;
    if (send.acknowledged.has(id)) continue;
    send.acknowledged.set(id, { ...batch, baseOffset: batch.baseOffset + (indexIn[at] ?? 0) });
  }
  send.left -= 1;
  if (send.left === 0) send.resolve([...send.acknowledged.values()]);
}

function fail(send: PendingSend, error: unknown): void {
  send.failed = true;
  send.reject(error);
}

function sum(chunks: readonly SendChunk[]): number {
  return chunks.reduce((total, { bytes }) => total + bytes, 0);
}
