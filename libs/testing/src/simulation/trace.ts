import { hashText } from './chance';

const KEPT = 120;

/** What happened, step by step: a hash of everything, and the last steps as text. */
export class Trace {
  steps = 0;
  private hash = 0x811c9dc5;
  private readonly last: string[] = [];

  note(at: number, what: string): void {
    const line = `${at} ${what}`;
    this.steps += 1;
    this.hash = hashText(line, this.hash);
    this.last.push(line);
    if (this.last.length > 2 * KEPT) this.last.splice(0, KEPT);
  }

  get digest(): string {
    return this.hash.toString(16).padStart(8, '0');
  }

  tail(): readonly string[] {
    return this.last.slice(-KEPT);
  }
}
