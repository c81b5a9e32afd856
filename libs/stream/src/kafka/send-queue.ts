/**
 * Puts the calls to one producer into requests.
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
import { InvalidInput, RetryableError } from '@perennial/values';
import type { Acknowledged } from '../port';
import { logClosed } from '../stream-errors';

/** Where the records of a request went: record by record which batch, and which place in it. */
export interface Placement {
  readonly parcelOf: Uint32Array;
  readonly indexIn: Uint32Array;
  readonly parcels: readonly Acknowledged[];
}
/** Sends a request; ends by the deadline (on the clock of `performance.now()`). Answers where each record went. */
export type Transport = (records: readonly Emission[], deadline: number) => Promise<Placement>;

export interface SendLimits {
  readonly maxRequestBytes: number;
  readonly maxQueuedBytes: number;
  readonly timeoutMs: number;
}

interface Call {
  readonly deadline: number;
  /** Parts that are not acknowledged. */
  left: number;
  readonly acknowledged: Map<string, Acknowledged>;
  readonly resolve: (acknowledged: readonly Acknowledged[]) => void;
  readonly reject: (error: unknown) => void;
  failed: boolean;
}
/** As much of a call as fits into a request. */
interface Part {
  readonly records: readonly Emission[];
  readonly bytes: number;
  readonly call: Call;
}

const MAX_REQUEST_RECORDS = 10_000;
/** Of the time limit: what a request needs to begin. */
const LEAST_SHARE = 0.5;

export class SendQueue {
  private parts: Part[] = [];
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
      const call: Call = { deadline, left: 0, acknowledged: new Map(), resolve, reject, failed: false };
      const parts = partsOf(records, call, this.limits.maxRequestBytes);
      const bytes = sum(parts);
      if (this.queuedBytes > 0 && this.queuedBytes + bytes > this.limits.maxQueuedBytes) {
        reject(new RetryableError('STREAM.PRODUCER_FULL', `${this.queuedBytes} bytes wait to be sent already`));
        return;
      }
      call.left = parts.length;
      this.queuedBytes += bytes;
      this.parts.push(...parts);
      this.draining ??= this.drain();
    });
  }

  /** Fails what waits; resolves when the request on its way has ended. */
  async close(): Promise<void> {
    this.closed = true;
    for (const { call } of this.parts) fail(call, logClosed());
    await this.draining;
  }

  private async drain(): Promise<void> {
    // Calls of the same turn go together.
    await Promise.resolve();
    for (let next = this.take(); next.length > 0; next = this.take()) await this.request(next);
    this.draining = null;
  }

  /** What the next request holds; parts of calls that failed are dropped. */
  private take(): readonly Part[] {
    const taken: Part[] = [];
    let [bytes, records, passed] = [0, 0, 0];
    for (const part of this.parts) {
      if (this.isDue(part.call)) {
        const full =
          bytes + part.bytes > this.limits.maxRequestBytes || records + part.records.length > MAX_REQUEST_RECORDS;
        if (taken.length > 0 && full) break;
        taken.push(part);
        bytes += part.bytes;
        records += part.records.length;
      }
      passed += 1;
    }
    this.queuedBytes -= sum(this.parts.slice(0, passed));
    this.parts = this.parts.slice(passed);
    return taken;
  }

  private isDue(call: Call): boolean {
    const latest = call.deadline - this.limits.timeoutMs * LEAST_SHARE;
    if (!call.failed && performance.now() >= latest) {
      fail(call, new RetryableError('STREAM.SEND_TIMED_OUT', 'earlier records took all the time this call had'));
    }
    return !call.failed;
  }

  private async request(parts: readonly Part[]): Promise<void> {
    try {
      const deadline = Math.min(...parts.map(({ call }) => call.deadline));
      const placement = await this.transport(recordsOf(parts), deadline);
      let start = 0;
      for (const { call, records } of parts) acknowledge(call, placement, start, (start += records.length));
    } catch (error) {
      const calls = new Set(parts.map(({ call }) => call));
      if (calls.size === 1 || !(error instanceof InvalidInput)) {
        for (const call of calls) fail(call, error);
        return;
      }
      for (const call of calls) await this.request(parts.filter((part) => part.call === call));
    }
  }
}

function recordsOf(parts: readonly Part[]): readonly Emission[] {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only.records : parts.flatMap(({ records }) => records);
}

function partsOf(records: readonly Emission[], call: Call, maxBytes: number): Part[] {
  const parts: Part[] = [];
  let [start, bytes] = [0, 0];
  const end = (at: number): void => {
    parts.push({ records: start === 0 && at === records.length ? records : records.slice(start, at), bytes, call });
    [start, bytes] = [at, 0];
  };
  records.forEach((record, at) => {
    const size = emissionBytes(record);
    if (at > start && (bytes + size > maxBytes || at - start === MAX_REQUEST_RECORDS)) end(at);
    bytes += size;
  });
  end(records.length);
  return parts;
}

/** A part of a call, which was the records from `from` to before `to` of its request. */
function acknowledge(call: Call, { parcelOf, indexIn, parcels }: Placement, from: number, to: number): void {
  const seen = new Set<number>();
  for (let at = from; at < to; at++) {
    const number = parcelOf[at] ?? 0;
    const parcel = parcels[number];
    if (parcel === undefined || seen.has(number)) continue;
    seen.add(number);
    const id = `${parcel.topic}/${parcel.partition}`;
    if (call.acknowledged.has(id)) continue;
    call.acknowledged.set(id, { ...parcel, baseOffset: parcel.baseOffset + (indexIn[at] ?? 0) });
  }
  call.left -= 1;
  if (call.left === 0) call.resolve([...call.acknowledged.values()]);
}

function fail(call: Call, error: unknown): void {
  call.failed = true;
  call.reject(error);
}

function sum(parts: readonly Part[]): number {
  return parts.reduce((total, { bytes }) => total + bytes, 0);
}
