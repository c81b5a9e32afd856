/** What must hold of records that the installation signed, told from the log alone. The first difference, for people. */
import {
  CLOCK_TYPE,
  type ClockNumber,
  clockSchema,
  headerText,
  isLater,
  type LogRecord,
  NUMBER_HEADER,
  parseClockNumber,
  SIGNATURE_HEADER,
  TOPIC,
} from '@perennial/contracts';
import { signing } from './installation-key';
import type { Recomputed } from './recompute';

/** Each number is obeyed once: of commands the others are dead letters, of clock records they are counted. */
export function copiesHaveNoEffect(
  log: readonly LogRecord[],
  partition: number,
  { records, stored }: Recomputed,
): string | null {
  const signed = log.filter((record) => isSigned(record, partition));
  const refused = records.filter(({ headers }) => headerText(headers, 'perennial-cause') === 'repeated-command').length;
  const commands = signed.filter(({ headers }) => headerText(headers, 'ce_type') !== CLOCK_TYPE).map(numberOf);
  const copies = commands.length - new Set(commands).size;
  if (refused !== copies) return `partition ${partition} refuses ${refused} commands, and has ${copies} copies`;
  let counted = 0;
  for (const [name, value] of stored.totals) if (name.endsWith(':repeated-clocks')) counted += value;
  const late = lateClocks(signed);
  return counted === late ? null : `partition ${partition} counts ${counted} repeated clock records, and has ${late}`;
}

const numberOf = ({ headers }: LogRecord): string => headerText(headers, NUMBER_HEADER) ?? '';

function isSigned({ headers, value }: LogRecord, partition: number): boolean {
  const seal = {
    number: headerText(headers, NUMBER_HEADER) ?? null,
    signature: headerText(headers, SIGNATURE_HEADER) ?? null,
  };
  const type = headerText(headers, 'ce_type') ?? '';
  return value !== null && signing.verifies(seal, { topic: TOPIC.activity, type, partition, value });
}

/** Those that are not later than all before of their processor and scope. */
function lateClocks(signed: readonly LogRecord[]): number {
  const newest = new Map<string, ClockNumber>();
  let late = 0;
  for (const record of signed) {
    const number = parseClockNumber(numberOf(record));
    if (number === null) continue;
    const { scope } = clockSchema.parse(JSON.parse(new TextDecoder().decode(record.value ?? undefined)));
    const of = `${number.processor} ${JSON.stringify(scope)}`;
    const before = newest.get(of);
    if (before === undefined || isLater(number, before)) newest.set(of, number);
    else late += 1;
  }
  return late;
}
