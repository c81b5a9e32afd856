/** Numbers of clock records and commands. A signature holds for one number, and a partition obeys each number once. */

/** Who appends clock records. A closed set, so that what a partition keeps of them is bounded. */
export const PROCESSORS = ['lifecycle-engine', 'importer'] as const;
export type Processor = (typeof PROCESSORS)[number];

/** Of a clock record. Those of one processor rise, by epoch and then by counter; each a safe integer from 0. */
export interface ClockNumber {
  readonly processor: Processor;
  /** Engine: the partition's epoch. Importer: a number of the database, drawn at each start. */
  readonly epoch: number;
  /** Counts the records of the epoch. */
  readonly counter: number;
}

/** Whether `a` comes after `b`, of one processor. */
export function isLater(a: Omit<ClockNumber, 'processor'>, b: Omit<ClockNumber, 'processor'>): boolean {
  return a.epoch > b.epoch || (a.epoch === b.epoch && a.counter > b.counter);
}

/** As the header writes it: `processor:epoch:counter` of a clock record, decimal digits of a command. */
export function formatNumber(number: ClockNumber | number): string {
  if (typeof number === 'number') return String(number);
  return `${number.processor}:${number.epoch}:${number.counter}`;
}

/** Null when the text is no number of a clock record. */
export function parseClockNumber(text: string): ClockNumber | null {
  const [name, first, second, ...rest] = text.split(':');
  const processor = PROCESSORS.find((known) => known === name);
  const [epoch, counter] = [parseCommandNumber(first ?? ''), parseCommandNumber(second ?? '')];
  if (processor === undefined || epoch === null || counter === null || rest.length > 0) return null;
  return { processor, epoch, counter };
}

/** Null when the text is no number of a command: a safe integer from 0. */
export function parseCommandNumber(text: string): number | null {
  if (!/^\d{1,16}$/.test(text)) return null;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : null;
}
