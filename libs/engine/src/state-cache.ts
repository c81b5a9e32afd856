import type { CustomerState } from '@perennial/lifecycle';

/**
 * States of one partition's customers, read through and written through. Legal because the partition has one owner: a
 * fenced owner throws its cache away. Bounded: the customers longest not used go first.
 */
export class StateCache {
  private readonly states = new Map<string, CustomerState | null>();

  constructor(private readonly limit: number) {}

  has(key: string): boolean {
    return this.states.has(key);
  }

  /** Null: the customer is known not to exist (or was not loaded; ask `has`). */
  get(key: string): CustomerState | null {
    return this.states.get(key) ?? null;
  }

  set(key: string, state: CustomerState | null): void {
    this.states.delete(key);
    this.states.set(key, state);
  }

  /** To be called between micro-batches only: within one, everything loaded is needed. */
  trim(): void {
    for (const key of this.states.keys()) {
      if (this.states.size <= this.limit) return;
      this.states.delete(key);
    }
  }
}
