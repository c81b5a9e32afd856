import type { Site } from './site';

const POLL_MS = 100;

/** When facts could be read, in milliseconds of wall time. */
export interface Readable {
  readonly firstAt: number;
  readonly lastAt: number;
}

/**
 * Watches the last stable offsets of a topic, up to which a read_committed reader gets. The same for every engine, and
 * without reading, which would take processor time from them.
 */
export class ReadableWatch {
  private readonly stopping = new AbortController();
  private readonly samples: { readonly at: number; readonly offset: number }[] = [];
  private readonly watching: Promise<void>;

  constructor(
    private readonly site: Site,
    private readonly topic: string,
  ) {
    this.watching = this.watch();
  }

  /** To be called when the engine is done. */
  async end(): Promise<Readable> {
    this.stopping.abort();
    await this.watching;
    await this.sample();
    const end = this.samples.at(-1)?.offset ?? 0;
    const firstAt = this.samples.find(({ offset }) => offset > 0)?.at ?? Number.NaN;
    return { firstAt, lastAt: this.samples.find(({ offset }) => offset === end)?.at ?? Number.NaN };
  }

  private async watch(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await this.sample();
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  private async sample(): Promise<void> {
    const offset = await this.site.readable(this.topic);
    this.samples.push({ at: Date.now(), offset });
  }
}
