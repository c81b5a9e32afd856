/** Room for what is being worked on. */
export class InFlight {
  #bytes = 0;

  constructor(
    private readonly limit: number,
    private readonly report: (bytes: number) => void,
  ) {}

  /** Sets bytes aside; null when there is no room. The answer gives them back, once. */
  enter(bytes: number): (() => void) | null {
    if (this.#bytes + bytes > this.limit) return null;
    this.#add(bytes);
    let open = true;
    return () => {
      if (open) this.#add(-bytes);
      open = false;
    };
  }

  #add(bytes: number): void {
    this.#bytes += bytes;
    this.report(this.#bytes);
  }
}
