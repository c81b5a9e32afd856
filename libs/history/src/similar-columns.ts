import type { ColumnName } from './columns';

/** What exports call the columns, in letters and digits alone. */
const OTHER_NAMES: Readonly<Record<ColumnName, readonly string[]>> = {
  customerId: ['customer', 'userid', 'user', 'clientid', 'custid'],
  timestamp: ['time', 'date', 'datetime', 'occurredat', 'createdat', 'originaltimestamp'],
  event: ['eventname', 'eventtype', 'action'],
  type: [],
  id: ['messageid', 'eventid'],
  properties: ['props', 'property', 'data', 'payload'],
};

/** Whether a name differs from that of a column in case, blanks or marks alone. */
export function isMisspelt(name: string, column: ColumnName): boolean {
  return name !== column && plain(name) === plain(column);
}

/** The found name that most likely stands for a column; null when none does. */
export function similarTo(column: ColumnName, found: readonly string[]): string | null {
  const others = OTHER_NAMES[column];
  return found.find((name) => isMisspelt(name, column)) ?? found.find((name) => others.includes(plain(name))) ?? null;
}

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');
