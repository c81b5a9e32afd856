/** Questions to a store, as data, so that a counterexample can be read; and chance to make them. */
import type { TenantId } from '@perennial/values';
import fc from 'fast-check';
import type { NextOwner } from '@perennial/processor';
import { ACME, BOLT } from '../engine-store-builders';

/** The newest session of the partition, or the one before, of the same process or of another. */
export type Which = 'newest' | 'former';

export type Step =
  | { readonly ask: 'claim'; readonly by: 0 | 1 }
  | { readonly ask: 'flush'; readonly of: Which; readonly published: number | null }
  | { readonly ask: 'release'; readonly of: Which; readonly published: number | null; readonly nextOwner: NextOwner }
  /** Of the former session, and nobody waits for the answer. */
  | { readonly ask: 'late'; readonly call: 'flush' | 'release' }
  | { readonly ask: 'renew'; readonly of: Which }
  | CommitStep
  | { readonly ask: 'load'; readonly keys: readonly string[] }
  | DueStep;

export interface CommitStep {
  readonly ask: 'commit';
  readonly of: Which;
  readonly records: number;
  /** From an offset already passed. */
  readonly behind: boolean;
  readonly states: readonly (readonly [key: string, packed: Uint8Array])[];
  readonly deadlines: readonly (readonly [key: string, due: number | null])[];
  readonly totals: readonly (readonly [tenant: TenantId, delta: number])[];
  readonly published: number | null;
  readonly blob: boolean;
}

export interface DueStep {
  readonly ask: 'due';
  readonly tenants: readonly TenantId[];
  readonly through: number;
  readonly except: readonly string[];
  readonly limit: number;
}

const key = fc.constantFrom('acme:a', 'acme:b', 'acme:\u{1F600}', 'acme:\uFFFD', 'bolt:a', 'bolt:"b"');
const keys = fc.uniqueArray(key, { maxLength: 4 });
const tenant = fc.constantFrom(ACME, BOLT);
const instant = fc.integer({ min: -2, max: 9 });
const published = fc.option(fc.nat(9));
const seldomFormer: fc.Arbitrary<Which> = fc.constantFrom('newest', 'newest', 'newest', 'former');
const perKey = <T>(value: fc.Arbitrary<T>) =>
  fc.uniqueArray(fc.tuple(key, value), { selector: ([name]) => name, maxLength: 3 });

export const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record<Step & { ask: 'claim' }>({ ask: fc.constant('claim'), by: fc.constantFrom(0, 1) }),
  fc.record<Step & { ask: 'flush' }>({ ask: fc.constant('flush'), of: seldomFormer, published }),
  fc.record<Step & { ask: 'release' }>({
    ask: fc.constant('release'),
    of: seldomFormer,
    published,
    nextOwner: fc.constantFrom('may-publish', 'must-wait'),
  }),
  fc.record<Step & { ask: 'late' }>({ ask: fc.constant('late'), call: fc.constantFrom('flush', 'release') }),
  fc.record<Step & { ask: 'renew' }>({ ask: fc.constant('renew'), of: seldomFormer }),
  {
    weight: 5,
    arbitrary: fc.record<CommitStep>({
      ask: fc.constant('commit'),
      of: seldomFormer,
      records: fc.integer({ min: 1, max: 3 }),
      behind: fc.constantFrom(false, false, false, false, false, true),
      states: perKey(fc.uint8Array({ maxLength: 3 })),
      deadlines: perKey(fc.option(instant)),
      totals: fc.array(fc.tuple(tenant, fc.integer({ min: -3, max: 3 })), { maxLength: 3 }),
      published,
      blob: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record<Step & { ask: 'load' }>({ ask: fc.constant('load'), keys }) },
  fc.record<DueStep>({
    ask: fc.constant('due'),
    tenants: fc.uniqueArray(tenant, { minLength: 1 }),
    through: instant,
    except: keys,
    limit: fc.integer({ min: 1, max: 4 }),
  }),
);
