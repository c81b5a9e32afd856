/** The newest clock record of each processor in a partition: what tells a new one from a copy of an old one. */
import { type Clock, type ClockNumber, isLater, type Processor } from '@perennial/contracts';
import { type Instant } from '@perennial/values';
import type { ClockPosition } from './control-state';

type Scope = Clock['scope'];

export class ClockPositions {
  private readonly positions = new Map<string, ClockPosition>();
  private readonly changed = new Set<string>();

  constructor(stored: readonly ClockPosition[]) {
    for (const position of stored) this.positions.set(keyOf(position), position);
  }

  /** False when a clock record as late was read before: this one has no effect. */
  isNew(scope: Scope, number: ClockNumber): boolean {
    const known = this.of(scope, number.processor);
    return known === undefined || isLater(number, known);
  }

  /** Uses up the number of a clock record that is new. */
  use(scope: Scope, number: ClockNumber): void {
    const at = this.of(scope, number.processor)?.at ?? null;
    this.set({ ...number, tenant: tenantOf(scope), at });
  }

  /** The clock record that was used last took effect; the time that was reached never goes back. */
  reached(scope: Scope, processor: Processor, at: Instant): void {
    const known = this.of(scope, processor);
    if (known === undefined || at <= (known.at ?? Number.NEGATIVE_INFINITY)) return;
    this.set({ ...known, at });
  }

  /** Null: none was read yet. */
  newest(scope: Scope, processor: Processor): ClockNumber | null {
    return this.of(scope, processor) ?? null;
  }

  /** Those changed since the last call, for the commit. */
  takeChanged(): ClockPosition[] {
    const changed = [...this.changed].flatMap((key) => this.positions.get(key) ?? []);
    this.changed.clear();
    return changed;
  }

  private of(scope: Scope, processor: Processor): ClockPosition | undefined {
    return this.positions.get(keyOf({ processor, tenant: tenantOf(scope) }));
  }

  private set(position: ClockPosition): void {
    const key = keyOf(position);
    this.positions.set(key, position);
    this.changed.add(key);
  }
}

const tenantOf = (scope: Scope): ClockPosition['tenant'] => (scope.kind === 'live' ? null : scope.tenant);

/** No tenant is empty. */
const keyOf = ({ processor, tenant }: Pick<ClockPosition, 'processor' | 'tenant'>): string =>
  `${processor}:${tenant ?? ''}`;
