/**
 * Numbers of clock records and commands that a partition has obeyed: what tells a new one from a copy of an old one.
 *
 * Invariants
 * 1. A command's number is used once. What is kept are the greatest numbers used, at most {@link KEPT_NUMBERS}.
 * 2. Once so many are kept, a number below all of them is refused: it may have been used and forgotten.
 * 3. The numbers kept depend on the log alone. Signers may draw numbers that they do not use, and append in another order than
 *    they drew: a command is refused for that only when 1,000 later ones came in between.
 * 4. Of the clock records of a processor, each counts only if it is later than all that were read before.
 */
import { type Clock, type ClockNumber, isLater, type Processor } from '@perennial/contracts';
import { type Instant } from '@perennial/values';
import type { ClockPosition, UsedNumberChange, UsedNumberState } from './control-state';

/** The numbers that a partition has obeyed: a signature over one of them has no effect any more. */
export class UsedNumbers {
  readonly clocks: ClockPositions;
  readonly commands: CommandNumbers;

  constructor({ clocks, commands }: UsedNumberState) {
    this.clocks = new ClockPositions(clocks);
    this.commands = new CommandNumbers(commands);
  }

  /** What changed since the last call, for the commit. */
  takeChanged(): UsedNumberChange {
    return { clocks: this.clocks.takeChanged(), ...this.commands.takeChanged() };
  }
}

/** How many numbers of commands a partition keeps. */
export const KEPT_NUMBERS = 1_000;

/** Numbers that commands used up. */
export class CommandNumbers {
  private readonly kept: Set<number>;
  private readonly added = new Set<number>();
  private forgotten = false;

  constructor(stored: readonly number[]) {
    this.kept = new Set(stored);
  }

  /** Uses the number up; false when it was used before, or may have been. */
  use(number: number): boolean {
    if (this.kept.has(number) || (this.kept.size >= KEPT_NUMBERS && number < this.least())) return false;
    this.kept.add(number);
    this.added.add(number);
    if (this.kept.size > KEPT_NUMBERS) this.forget(this.least());
    return true;
  }

  /** Those used since the last call and still kept, and from which one on numbers are kept (null: none was forgotten). */
  takeChanged(): { readonly commands: readonly number[]; readonly commandsFrom: number | null } {
    const changed = { commands: [...this.added], commandsFrom: this.forgotten ? this.least() : null };
    this.added.clear();
    this.forgotten = false;
    return changed;
  }

  private forget(number: number): void {
    this.kept.delete(number);
    this.added.delete(number);
    this.forgotten = true;
  }

  private least(): number {
    return Math.min(...this.kept);
  }
}

type Scope = Clock['scope'];

/** The newest clock record of each processor. */
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
