import { randomUUID } from 'node:crypto';
import { type Emission, type OutRecord, recordBytes, written } from '@perennial/contracts';
import { RetryableError } from '@perennial/values';
import type { Acknowledged, LogProducer } from '../port';
import { logClosed } from '../errors';
import { BODY_BYTES, callRemote, CALLS, type Remote, toWire, type WireRecord } from './protocol';

const TIMEOUT_MS = 10_000;
const TRIES = 3;

/** Numbers its calls, so that one whose answer was lost can be asked again without a second effect. */
export class RemoteProducer implements LogProducer {
  private id = randomUUID();
  private number = 0;
  private closed = false;
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly remote: Remote) {}

  async connect(): Promise<void> {
    await callRemote(this.remote, CALLS.clusterId, null, { timeoutMs: TIMEOUT_MS });
  }

  send(records: readonly Emission[]): Promise<readonly Acknowledged[]> {
    const sent = this.last.then(() => this.sendAll(records.map(written)));
    this.last = sent.catch(() => undefined);
    return sent;
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.last;
  }

  private async sendAll(records: readonly OutRecord[]): Promise<readonly Acknowledged[]> {
    const first = new Map<string, Acknowledged>();
    for (const request of requestsOf(records)) {
      for (const one of await this.request(request)) {
        const place = `${one.topic}/${one.partition}`;
        if (!first.has(place)) first.set(place, one);
      }
    }
    return [...first.values()];
  }

  private async request(records: WireRecord[]): Promise<readonly Acknowledged[]> {
    if (this.closed) throw logClosed();
    const asked = { producer: this.id, number: this.number, records };
    try {
      const answer = await this.ask(asked);
      this.number += 1;
      return answer;
    } catch (error) {
      // Whether it was done is not known: the number is spent, and so is the name.
      this.id = randomUUID();
      this.number = 0;
      throw error;
    }
  }

  private async ask(asked: Parameters<typeof this.try>[0]): Promise<readonly Acknowledged[]> {
    for (let left = TRIES - 1; left > 0; left -= 1) {
      try {
        return await this.try(asked);
      } catch (error) {
        if (!(error instanceof RetryableError) || error.code !== 'STREAM.LOG_AWAY') throw error;
      }
    }
    return this.try(asked);
  }

  private try(asked: { producer: string; number: number; records: WireRecord[] }): Promise<readonly Acknowledged[]> {
    return callRemote(this.remote, CALLS.append, asked, { timeoutMs: TIMEOUT_MS });
  }
}

function* requestsOf(records: readonly OutRecord[]): Generator<WireRecord[]> {
  let request: WireRecord[] = [];
  let bytes = 0;
  for (const record of records) {
    if (bytes > BODY_BYTES) {
      yield request;
      [request, bytes] = [[], 0];
    }
    request.push(toWire(record));
    bytes += recordBytes(record);
  }
  if (request.length > 0) yield request;
}
