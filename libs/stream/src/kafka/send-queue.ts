/**
 * Puts the calls to one producer into requests.
 * Invariants:
 * 1. One request at a time, records in the order of the calls: a later request never overtakes an earlier one.
 * 2. A call is acknowledged or has failed within the time limit; afterwards none of its records is sent. (A relay that
 *    holds a lease relies on it.)
 * 3. A call fails for its own records only: a request that is refused for one of them is sent again call by call.
 * 4. What waits is bounded; beyond, calls fail at once.
 */
import { InvalidInput, RetryableError, type OutRecord } from '@perennial/contracts';
import type { Acknowledged } from '../port';
import { logClosed } from '../stream-errors';

export interface Placed {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}
/** Sends a request; ends by the deadline (on the clock of `performance.now()`). Answers where each record went. */
export type Transport = (records: readonly OutRecord[], deadline: number) => Promise<readonly Placed[]>;

export interface SendLimits {
  readonly maxRequestBytes: number;
  readonly maxQueuedBytes: number;
  readonly timeoutMs: number;
}

interface Call {
  readonly deadline: number;
  left: number;
  readonly acknowledged: Map<string, Acknowledged>;
  readonly resolve: (acknowledged: readonly Acknowledged[]) => void;
  readonly reject: (error: unknown) => void;
  failed: boolean;
}
interface Item {
  readonly record: OutRecord;
  readonly bytes: number;
  readonly call: Call;
}

const MAX_REQUEST_RECORDS = 10_000;
const FRAMING_BYTES = 32;

export class SendQueue {
  private items: Item[] = [];
  private queuedBytes = 0;
  private closed = false;
  private draining: Promise<void> | null = null;

  constructor(
    private readonly transport: Transport,
    private readonly limits: SendLimits,
  ) {}

  send(records: readonly OutRecord[]): Promise<readonly Acknowledged[]> {
    if (this.closed) return Promise.reject(logClosed());
    if (records.length === 0) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      const deadline = performance.now() + this.limits.timeoutMs;
      const call: Call = { deadline, left: records.length, acknowledged: new Map(), resolve, reject, failed: false };
      const items = records.map((record) => ({ record, bytes: sizeOf(record), call }));
      const bytes = sum(items);
      if (this.queuedBytes > 0 && this.queuedBytes + bytes > this.limits.maxQueuedBytes) {
        reject(new RetryableError('STREAM.PRODUCER_FULL', `${this.queuedBytes} bytes wait to be sent already`));
        return;
      }
      this.queuedBytes += bytes;
      for (const item of items) this.items.push(item);
      this.draining ??= this.drain();
    });
  }

  /** Fails what waits; resolves when the request on its way has ended. */
  async close(): Promise<void> {
    this.closed = true;
    for (const { call } of this.items) fail(call, logClosed());
    await this.draining;
  }

  private async drain(): Promise<void> {
    // Calls of the same turn go together.
    await Promise.resolve();
    for (let next = this.take(); next.length > 0; next = this.take()) await this.request(next);
    this.draining = null;
  }

  /** The items of the next request; those of calls that failed are dropped. */
  private take(): readonly Item[] {
    const taken: Item[] = [];
    let bytes = 0;
    let passed = 0;
    for (const item of this.items) {
      if (this.isDue(item.call)) {
        if (taken.length > 0 && bytes + item.bytes > this.limits.maxRequestBytes) break;
        if (taken.length === MAX_REQUEST_RECORDS) break;
        taken.push(item);
        bytes += item.bytes;
      }
      passed += 1;
    }
    this.queuedBytes -= sum(this.items.slice(0, passed));
    this.items = this.items.slice(passed);
    return taken;
  }

  private isDue(call: Call): boolean {
    if (!call.failed && performance.now() >= call.deadline) {
      fail(call, new RetryableError('STREAM.SEND_TIMED_OUT', 'earlier records took all the time this call had'));
    }
    return !call.failed;
  }

  private async request(items: readonly Item[]): Promise<void> {
    try {
      const deadline = Math.min(...items.map(({ call }) => call.deadline));
      const placed = await this.transport(
        items.map(({ record }) => record),
        deadline,
      );
      items.forEach(({ call }, index) => {
        acknowledge(call, placed[index]);
      });
    } catch (error) {
      const calls = new Set(items.map(({ call }) => call));
      if (calls.size === 1 || !(error instanceof InvalidInput)) {
        for (const call of calls) fail(call, error);
        return;
      }
      for (const call of calls) await this.request(items.filter((item) => item.call === call));
    }
  }
}

function acknowledge(call: Call, placed: Placed | undefined): void {
  if (placed === undefined) return;
  const { topic, partition, offset } = placed;
  const id = `${topic}/${partition}`;
  if (!call.acknowledged.has(id)) call.acknowledged.set(id, { topic, partition, baseOffset: offset });
  call.left -= 1;
  if (call.left === 0) call.resolve([...call.acknowledged.values()]);
}

function fail(call: Call, error: unknown): void {
  call.failed = true;
  call.reject(error);
}

/** Near enough: whoever writes the bytes measures them. */
function sizeOf({ key, value, headers }: OutRecord): number {
  let bytes = FRAMING_BYTES + (value?.length ?? 0) + (key?.length ?? 0);
  for (const name in headers) bytes += name.length + (headers[name] ?? '').length;
  return bytes;
}

function sum(items: readonly Item[]): number {
  return items.reduce((total, { bytes }) => total + bytes, 0);
}
