/** Micro-batches as an owner of a partition commits them: which customers they change. */
import { type Distribution, populationOf } from './population';
import { Random } from './random';

export interface MicroBatches {
  readonly distribution: Distribution;
  readonly customers: number;
  readonly partitions: number;
  /** Customers that one micro-batch changes. */
  readonly changed: number;
  readonly seed: number;
}

/** Which partition a customer is in; customers are numbered from 1. */
export const partitionOf = (customer: number, partitions: number): number => customer % partitions;

/** So many micro-batches of a partition, as customers' numbers: drawn until enough different ones are changed. */
export function microBatches(settings: MicroBatches, partition: number, count: number): Uint32Array[] {
  const { distribution, customers, partitions, changed, seed } = settings;
  const random = new Random(seed + partition);
  const draw = populationOf(distribution, customers);
  return Array.from({ length: count }, () => {
    const drawn = new Set<number>();
    while (drawn.size < changed) {
      const customer = draw(random);
      if (partitionOf(customer, partitions) === partition) drawn.add(customer);
    }
    return Uint32Array.from(drawn);
  });
}
