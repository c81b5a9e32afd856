/** Bytes set aside for one request. */
export interface Share {
  readonly bytes: number;
  /** More bytes have arrived: those beyond the first share are set aside, too. False when there is no room for them. */
  grow(bytes: number): boolean;
  /** Gives them back, once. */
  leave(): void;
}

/** Room for what is being worked on. */
export class InFlight {
  #bytes = 0;

  constructor(
    private readonly limit: number,
    /** By how many bytes it has changed. */
    private readonly changed: (bytes: number) => void,
  ) {}

  fits(bytes: number): boolean {
    return this.#bytes + bytes <= this.limit;
  }

  /** Sets bytes aside; null when there is no room. */
  enter(bytes: number): Share | null {
    if (!this.#take(bytes)) return null;
    let held = bytes;
    let used = 0;
    const take = (more: number): boolean => this.#take(more);
    return {
      get bytes() {
        return held;
      },
      grow: (more) => {
        used += more;
        const missing = Math.max(0, used - held);
        const fits = take(missing);
        if (fits) held += missing;
        return fits;
      },
      leave: () => {
        take(-held);
        held = 0;
      },
    };
  }

  #take(bytes: number): boolean {
    if (bytes > 0 && !this.fits(bytes)) return false;
    this.#bytes += bytes;
    if (bytes !== 0) this.changed(bytes);
    return true;
  }
}
