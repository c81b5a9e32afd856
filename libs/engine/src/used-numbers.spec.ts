import fc from 'fast-check';
import { CommandNumbers, KEPT_NUMBERS } from './used-numbers';

/** The same, by the definition: all numbers ever used are known. */
class Known {
  readonly used: number[] = [];

  use(number: number): boolean {
    const kept = this.used.toSorted((a, b) => b - a).slice(0, KEPT_NUMBERS);
    const isOld = kept.length === KEPT_NUMBERS && number < (kept.at(-1) ?? 0);
    if (this.used.includes(number) || isOld) return false;
    this.used.push(number);
    return true;
  }
}

const filled = (): number[] => Array.from({ length: KEPT_NUMBERS }, (_, index) => 10 * index);

describe('numbers of commands', () => {
  it('are used once, in any order, and never again (invariants 1 and 2)', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 11 * KEPT_NUMBERS }), { maxLength: 60 }),
        fc.boolean(),
        (all, old) => {
          const known = new Known();
          if (old) known.used.push(...filled());
          let numbers = new CommandNumbers(old ? filled() : []);
          const stored = new Set(old ? filled() : []);
          for (const number of [...all, ...all]) {
            expect(numbers.use(number)).toBe(known.use(number));
            const { commands, commandsFrom } = numbers.takeChanged();
            for (const each of stored) if (commandsFrom !== null && each < commandsFrom) stored.delete(each);
            for (const each of commands) stored.add(each);
            numbers = new CommandNumbers([...stored]);
          }
          expect(stored.size).toBeLessThanOrEqual(KEPT_NUMBERS);
        },
      ),
    );
  });

  it('below all that are kept are refused once so many are kept, also when they were never used', () => {
    const few = new CommandNumbers(filled().slice(1));
    expect(few.use(5)).toBe(true);
    const full = new CommandNumbers(filled().map((number) => number + 100));
    expect([full.use(99), full.use(100), full.use(101)]).toEqual([false, false, true]);
  });

  it('of which one came and went within a micro-batch are not stored', () => {
    const numbers = new CommandNumbers(filled());
    for (const number of [5, 100_001, 100_002]) numbers.use(number);
    expect(numbers.takeChanged()).toEqual({ commands: [100_001, 100_002], commandsFrom: 20 });
    expect(numbers.takeChanged()).toEqual({ commands: [], commandsFrom: null });
  });
});
