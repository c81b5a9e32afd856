/**
 * The numbers of the last commands of a partition: what tells a new command from a copy of an old one.
 *
 * Invariants
 * 1. A number is used once. What is kept are the greatest numbers used, at most {@link KEPT_NUMBERS}.
 * 2. Once so many are kept, a number below all of them is refused: it may have been used and forgotten.
 * 3. The numbers kept depend on the log alone. Signers may draw numbers that they do not use, and append in another order than
 *    they drew: a command is refused for that only when 1,000 later ones came in between.
 */
export const KEPT_NUMBERS = 1_000;

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
