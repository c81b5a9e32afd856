/**
 * Customers under a virtual clock, decided by the engine's own core.
 *
 * Invariants
 * 1. The clock never goes back. At each instant it comes to, what is due fires for every customer before anything arrives,
 *    as it does live. Per customer the facts are those that an engine states of the same activities.
 * 2. Activities are looked up by their ids, as in the engine; what has no id is never a repeat.
 */
import type { Fact } from '@perennial/contracts';
import type { CustomerId, Instant } from '@perennial/values';
import { decideInPlace, type CustomerState, type Decision, type Plan } from '@perennial/lifecycle';
import type { Arrival } from './lifecycle-test';

/** More deadlines of one test than this, and its clock stops: some 270 years of a daily one. */
export const MOST_INSTANTS = 100_000;

export class VirtualCustomers {
  private readonly states = new Map<CustomerId, CustomerState>();
  private instants = 0;

  constructor(
    private readonly plan: Plan,
    private readonly onFacts: (customer: CustomerId, facts: readonly Fact[]) => void,
  ) {}

  /** The clock comes to `now`: one instant after the other, whoever's it is. */
  advance(now: Instant): void {
    for (let next = this.earliest(); next !== null && next.due <= now; next = this.earliest()) {
      if (this.isExhausted) return;
      this.instants += 1;
      const { customer, state, due } = next;
      this.keep(customer, decideInPlace(this.plan, { state, input: { kind: 'clock' }, now: due }));
    }
  }

  /** The clock has stopped; nothing that is due from now on fires. */
  get isExhausted(): boolean {
    return this.instants > MOST_INSTANTS;
  }

  /** An activity arrives; the clock has come to that. */
  take({ activity }: Arrival): Decision {
    const { customer, at } = activity;
    const input = { kind: 'activity', activity, statedAt: at, dedupe: true } as const;
    const decision = decideInPlace(this.plan, { state: this.state(customer), input, now: at });
    this.keep(customer, decision);
    return decision;
  }

  /** Null for a customer that has not entered. */
  state(customer: CustomerId): CustomerState | null {
    return this.states.get(customer) ?? null;
  }

  private earliest(): { readonly customer: CustomerId; readonly state: CustomerState; readonly due: Instant } | null {
    let earliest: ReturnType<VirtualCustomers['earliest']> = null;
    for (const [customer, state] of this.states) {
      if (state.armed === null || (earliest !== null && earliest.due <= state.armed)) continue;
      earliest = { customer, state, due: state.armed };
    }
    return earliest;
  }

  private keep(customer: CustomerId, { state, facts }: Decision): void {
    if (state !== null) this.states.set(customer, state);
    this.onFacts(customer, facts);
  }
}
