import { hashText } from './chance';

/** What happened, step by step: a hash of everything, and the last steps as text. */
export class Trace {
  steps = 0;
  private hash = 0x811c9dc5;
  private readonly last: string[] = [];

  constructor(
    /** Steps that are kept as text. */
    private readonly kept: number,
  ) {}

  /** A step of no interest to readers: only the hash takes it. */
  pass(at: number, what: string): void {
    this.steps += 1;
    this.hash = hashText(`${at} ${what}`, this.hash);
  }

  note(at: number, what: string): void {
    this.pass(at, what);
    this.last.push(`${String(at).padStart(6)} ${what}`);
    if (this.last.length > 2 * this.kept) this.last.splice(0, this.last.length - this.kept);
  }

  get digest(): string {
    return this.hash.toString(16).padStart(8, '0');
  }

  tail(): readonly string[] {
    return this.last.slice(-this.kept);
  }
}
