import type { LogReader, ReadOptions } from '../port';
import { beforeEnd, startPositions, unread } from '../read-plan';
import { logClosed } from '../errors';
import { AsyncCondition } from '../subscription-state';
import type { Catalogue, Topic } from './catalogue';
import { bytesOf, type ReadLimit } from './segment';

export class InProcessReader implements LogReader {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly limit: ReadLimit,
    private readonly closing: AbortSignal,
  ) {}

  async read(options: ReadOptions): Promise<void> {
    const topic = this.catalogue.topic(options.topic);
    const positions = startPositions(options, topic.offsets());
    const changed = new AsyncCondition();
    const notify = () => {
      changed.notify();
    };
    const signals = options.signal === undefined ? [this.closing] : [this.closing, options.signal];
    const ends = [topic.watch(notify), ...signals.map((signal) => onAbort(signal, notify))];
    try {
      while (options.signal?.aborted !== true) {
        if (this.closing.aborted) throw logClosed();
        const left = unread(positions, options.until);
        if (left.size === 0) return;
        if (!this.readOnce(topic, left, positions, options)) await changed.wait();
      }
    } finally {
      for (const end of ends) end();
    }
  }

  /** One batch of each partition that is not read to its end; false when there was none. */
  private readOnce(
    topic: Topic,
    left: ReadonlyMap<number, number>,
    positions: Map<number, number>,
    options: ReadOptions,
  ): boolean {
    let any = false;
    for (const [partition, position] of left) {
      const records = topic.read(partition, position, this.limit);
      if (records.length === 0 || options.signal?.aborted === true) continue;
      any = true;
      const nextOffset = position + records.length;
      positions.set(partition, nextOffset);
      const highWatermark = topic.high(partition);
      const bytes = bytesOf(records);
      const read = { topic: topic.name, partition, records, bytes, fromOffset: position, nextOffset, highWatermark };
      options.batch(beforeEnd(read, options.until));
    }
    return any;
  }
}

function onAbort(signal: AbortSignal, call: () => void): () => void {
  signal.addEventListener('abort', call);
  return () => {
    signal.removeEventListener('abort', call);
  };
}
