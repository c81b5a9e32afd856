/**
 * Sends with kafkajs' idempotent producer.
 * Invariants:
 * 1. One request at a time (the queue sees to it): kafkajs gives the sequence number of a failed request to the next
 *    one, and the broker would take other records under it for a repeat and drop them.
 * 2. For the same reason a producer that failed once is never used again; a new one has a new identity.
 * 3. Nothing is acknowledged that the answer does not name: kafkajs forgets partitions whose leader moved to a broker
 *    which had answered already.
 * 4. A client whose deadline passed is cut off, so that none of its retries arrives later.
 */
import { RetryableError, type OutRecord } from '@perennial/contracts';
import type { Producer } from 'kafkajs';
import type { Acknowledged, LogProducer } from '../port';
import { logClosed } from '../stream-errors';
import { openConnection } from './connection';
import { asStreamError } from './kafka-errors';
import type { KafkaSettings } from './options';
import { byTopic, choosePartition, placesOf, toOutgoing, type Outgoing } from './outgoing';
import { SendQueue, type Placed } from './send-queue';
import { keepTrying, Link } from './supervise';

interface Client {
  readonly producer: Producer;
  readonly cut: () => void;
}

const ALL_REPLICAS = -1;

export class KafkaProducer implements LogProducer {
  private readonly link: Link;
  private readonly queue: SendQueue;
  private readonly closing = new AbortController();
  private client: Promise<Client> | null = null;
  private connecting: Promise<void> | null = null;

  constructor(private readonly settings: KafkaSettings) {
    this.link = new Link('producer', settings);
    this.queue = new SendQueue((records, deadline) => this.request(records, deadline), {
      maxRequestBytes: settings.maxRequestBytes,
      maxQueuedBytes: settings.maxQueuedBytes,
      timeoutMs: settings.requestTimeoutMs,
    });
  }

  async connect(): Promise<void> {
    this.connecting ??= keepTrying(this.link, this.closing.signal, async (connected) => {
      await this.acquire();
      connected();
    });
    await this.connecting;
    this.connecting = null;
    if (this.closing.signal.aborted) throw logClosed();
  }

  send(records: readonly OutRecord[]): Promise<readonly Acknowledged[]> {
    return this.queue.send(records);
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.queue.close();
    this.drop();
    await this.connecting;
    this.link.closed();
  }

  private async request(records: readonly OutRecord[], deadline: number): Promise<readonly Placed[]> {
    const limit = new TimeLimit(deadline);
    try {
      const placed = await Promise.race([this.produce(records.map(toOutgoing), deadline), limit.passed]);
      this.link.connected();
      return placed;
    } catch (error) {
      this.drop();
      const topics = [...new Set(records.map(({ topic }) => topic))].join(', ');
      const failure = asStreamError(error, `sending to ${topics}`, topics);
      if (failure instanceof RetryableError) this.reconnect(failure);
      throw failure;
    } finally {
      limit.end();
    }
  }

  private async produce(outgoing: readonly Outgoing[], deadline: number): Promise<readonly Placed[]> {
    const { producer } = await this.acquire();
    if (performance.now() >= deadline) throw timedOut();
    const answer = await producer.sendBatch({
      topicMessages: byTopic(outgoing),
      acks: ALL_REPLICAS,
      timeout: this.settings.requestTimeoutMs,
    });
    return placesOf(outgoing, answer);
  }

  private acquire(): Promise<Client> {
    if (this.client !== null) return this.client;
    const opening: Promise<Client> = open(this.settings).catch((error: unknown) => {
      if (this.client === opening) this.client = null;
      throw error;
    });
    this.client = opening;
    return opening;
  }

  private drop(): void {
    const { client } = this;
    this.client = null;
    client?.then(
      ({ cut }) => {
        cut();
      },
      () => undefined, // whoever waited for it was told
    );
  }

  /** In the background, so that health tells when Kafka is back though nobody sends. */
  private reconnect(failure: Error): void {
    if (this.closing.signal.aborted) return;
    this.link.waiting(failure);
    this.connect().catch(() => undefined); // fails only when this is closed
  }
}

async function open(settings: KafkaSettings): Promise<Client> {
  const { kafka, retry, cut } = openConnection(settings);
  const producer = kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    createPartitioner: () => choosePartition,
    retry,
  });
  try {
    await producer.connect();
  } catch (error) {
    cut();
    throw asStreamError(error, 'connecting a producer');
  }
  return { producer, cut };
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
