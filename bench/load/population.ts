import type { Random } from './random';

export const DISTRIBUTIONS = ['uniform', 'zipf'] as const;
/** How often each customer occurs: all alike, or the n-th 1/n times as often as the first (Zipf 1.0). */
export type Distribution = (typeof DISTRIBUTIONS)[number];

/** Draws customers by number, from 1. */
export type Population = (random: Random) => number;

export function populationOf(distribution: Distribution, customers: number): Population {
  switch (distribution) {
    case 'uniform':
      return (random) => 1 + random.below(customers);
    case 'zipf':
      return zipf(customers);
  }
}

function zipf(customers: number): Population {
  const cumulative = new Float64Array(customers);
  let sum = 0;
  for (let i = 0; i < customers; i++) cumulative[i] = sum += 1 / (i + 1);
  return (random) => 1 + firstAbove(cumulative, random.fraction() * sum);
}

function firstAbove(cumulative: Float64Array, value: number): number {
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cumulative[middle] ?? 0) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
