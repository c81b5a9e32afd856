import { encodeFact, type Fact, type OutRecord, type Stamp } from '@perennial/contracts';

/** What a micro-batch publishes: facts that are not written out yet, and records that are passed on as they came. */
export type Emission =
  | {
      readonly kind: 'fact';
      readonly fact: Fact;
      /** One object for all facts of an input. */
      readonly stamp: Stamp;
      /** Counts the facts of the input, from 0. */
      readonly index: number;
    }
  | { readonly kind: 'record'; readonly record: OutRecord };

/** The record to publish; the same bytes whenever it is asked for. */
export function written(emission: Emission): OutRecord {
  return emission.kind === 'record' ? emission.record : encodeFact(emission.fact, emission.stamp, emission.index);
}
