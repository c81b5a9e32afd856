/**
 * Sends with an identity, so that the brokers know a repeat.
 * Invariants:
 * 1. One request of a partition at a time (the accumulator sees to it), so that sequence numbers come in order.
 * 2. A session that failed once is never used again: what its next sequence numbers are is not known any more, and the
 *    broker would take other records under them for a repeat and drop them.
 * 3. Nothing is acknowledged that the answer does not name.
 * 4. A session whose deadline passed is cut off, so that none of its requests arrives later.
 */
import type { Emission } from '@perennial/contracts';
import { type Acknowledged, logClosed, type LogProducer } from '@perennial/stream';
import { RetryableError } from '@perennial/values';
import { asStreamError } from '../kafka-errors';
import type { KafkaSettings } from '../options';
import { ConnectionStatus, reconnectLoop } from '../reconnect';
import { batchByPartition, type ProducerBatch } from './producer-batch';
import { ProducerSession } from './producer-session';
import { RecordAccumulator, type RecordMetadata } from './record-accumulator';

export class KafkaProducer implements LogProducer {
  private readonly status: ConnectionStatus;
  private readonly accumulator: RecordAccumulator;
  private readonly closing = new AbortController();
  private session: Promise<ProducerSession> | null = null;
  private connecting: Promise<void> | null = null;

  constructor(private readonly settings: KafkaSettings) {
    this.status = new ConnectionStatus('producer', settings);
    this.accumulator = new RecordAccumulator((records, deadline) => this.request(records, deadline), {
      maxRequestBytes: settings.maxRequestBytes,
      maxQueuedBytes: settings.maxQueuedBytes,
      timeoutMs: settings.requestTimeoutMs,
    });
  }

  async connect(): Promise<void> {
    this.connecting ??= reconnectLoop(this.status, this.closing.signal, async (connected) => {
      await this.acquire();
      connected();
    });
    await this.connecting;
    this.connecting = null;
    if (this.closing.signal.aborted) throw logClosed();
  }

  send(records: readonly Emission[]): Promise<readonly Acknowledged[]> {
    return this.accumulator.send(records);
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.accumulator.close();
    this.drop();
    await this.connecting;
    this.status.closed();
  }

  private async request(records: readonly Emission[], deadline: number): Promise<RecordMetadata> {
    const limit = new TimeLimit(deadline);
    try {
      const metadata = await Promise.race([this.append(records, deadline), limit.passed]);
      this.status.connected();
      return metadata;
    } catch (error) {
      this.drop();
      const topics = [...topicsOf(records)].join(', ');
      const failure = asStreamError(error, `sending to ${topics}`, topics);
      if (failure instanceof RetryableError) this.reconnect(failure);
      throw failure;
    } finally {
      limit.end();
    }
  }

  private async append(records: readonly Emission[], deadline: number): Promise<RecordMetadata> {
    const session = await this.acquire();
    await session.addTopics(topicsOf(records));
    const batched = batchByPartition(records, (topic) => session.partitionsOf(topic), this.settings.maxRequestBytes);
    const offsets = new Map<ProducerBatch, number>();
    for (const round of batched.rounds) {
      if (performance.now() >= deadline) throw timedOut();
      for (const [batch, offset] of await session.append(round, deadline)) offsets.set(batch, offset);
    }
    return batched.metadata((batch) => offsets.get(batch) ?? Number.NaN);
  }

  private acquire(): Promise<ProducerSession> {
    if (this.session !== null) return this.session;
    const opening: Promise<ProducerSession> = ProducerSession.open(this.settings, this.closing.signal).catch(
      (error: unknown) => {
        if (this.session === opening) this.session = null;
        throw error;
      },
    );
    this.session = opening;
    return opening;
  }

  private drop(): void {
    const { session } = this;
    this.session = null;
    session?.then(
      ({ destroy }) => {
        destroy();
      },
      () => undefined, // whoever waited for it was told
    );
  }

  /** In the background, so that health tells when Kafka is back though nobody sends. */
  private reconnect(failure: Error): void {
    if (this.closing.signal.aborted) return;
    this.status.waiting(failure);
    this.connect().catch(() => undefined); // fails only when this is closed
  }
}

function topicsOf(records: readonly Emission[]): Set<string> {
  const topics = new Set<string>();
  for (const { topic } of records) topics.add(topic);
  return topics;
}

/** Fails at the deadline, on the clock of `performance.now()`. */
class TimeLimit {
  readonly passed: Promise<never>;
  private timer: NodeJS.Timeout | undefined;

  constructor(deadline: number) {
    this.passed = new Promise((_, reject) => {
      this.timer = setTimeout(() => {
        reject(timedOut());
      }, deadline - performance.now());
    });
  }

  end(): void {
    clearTimeout(this.timer);
  }
}

function timedOut(): RetryableError {
  return new RetryableError('STREAM.SEND_TIMED_OUT', 'Kafka did not acknowledge in time; is it overloaded?');
}
