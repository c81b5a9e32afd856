/** Lets loops sleep until something changed. Check and `wait` without an `await` between them, and no change is missed. */
export class Wake {
  private waiting: (() => void)[] = [];

  notify(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const resume of waiting) resume();
  }

  wait(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}
