import type { StateRow } from '@perennial/processor';

/** A way to keep changed states in PostgreSQL. */
export interface Layout {
  readonly name: string;
  open(url: string, partitions: number): Promise<LayoutWriter>;
}

export interface LayoutWriter {
  /** One micro-batch of a partition; resolves when it is durable. Calls of one partition come one after the other. */
  write(partition: number, offset: number, states: readonly StateRow[]): Promise<void>;
  /** Resolves when all rows of customer_state are up to date. */
  settle(): Promise<void>;
  close(): Promise<void>;
}
