import type { Move } from '../oracle/move';
import type { ReadMove } from '../oracle/read-moves';
import type { Site } from './site';

/** A move as it arrived: when, and in which partition. */
export interface Arrival {
  readonly move: Move;
  readonly partition: number;
  /** Of `performance.now()`, and wall time. */
  readonly receivedAt: number;
  readonly receivedAtWall: number;
}

/** Reads the committed moves of a topic from its present end on. */
export class MoveReader {
  private constructor(
    private readonly reading: Promise<unknown>,
    private readonly stopping: AbortController,
  ) {}

  /** Resolves when nothing that comes can be missed any more. */
  static async open(site: Site, topic: string, read: ReadMove, take: (arrival: Arrival) => void): Promise<MoveReader> {
    const from = new Map((await site.offsets(topic)).map(({ partition, high }) => [partition, high]));
    const stopping = new AbortController();
    const text = new TextDecoder();
    const reading = site.log.reader().read({
      topic,
      from,
      signal: stopping.signal,
      batch: ({ partition, records }) => {
        const [receivedAt, receivedAtWall] = [performance.now(), Date.now()];
        for (const { value } of records) {
          const move = value === null ? null : read(text.decode(value));
          if (move !== null) take({ move, partition, receivedAt, receivedAtWall });
        }
      },
    });
    // Kept until it is closed: who waits for moves notices first that none come.
    return new MoveReader(Promise.allSettled([reading]), stopping);
  }

  async close(): Promise<void> {
    this.stopping.abort();
    await this.reading;
  }
}
