/** What exports call the columns, in letters and digits alone. */
const OTHER_NAMES: Readonly<Partial<Record<string, readonly string[]>>> = {
  customerId: ['customer', 'userid', 'user', 'clientid', 'custid', 'buyerid', 'accountid', 'visitorid', 'memberid'],
  timestamp: [
    ...['time', 'date', 'datetime', 'occurredat', 'createdat', 'originaltimestamp', 'eventtime'],
    ...['orderedat', 'orderdate', 'invoicedate', 'purchasedat', 'purchasedate'],
  ],
  event: ['eventname', 'eventtype', 'action'],
  id: ['messageid', 'eventid'],
  properties: ['props', 'property', 'data', 'payload'],
};

/** Whether a name differs from that of a column in case, blanks or marks alone. */
export function isMisspelt(name: string, column: string): boolean {
  return name !== column && plain(name) === plain(column);
}

/** The found name that most likely stands for a column; null when none does. */
export function similarTo(column: string, found: readonly string[]): string | null {
  const others = OTHER_NAMES[column] ?? [];
  return found.find((name) => isMisspelt(name, column)) ?? found.find((name) => others.includes(plain(name))) ?? null;
}

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** The found name that is written like another but for case, blanks or marks, or with at most two letters different; else null. */
export function nearest(name: string, found: readonly string[]): string | null {
  const alike = found.find((candidate) => plain(candidate) === plain(name));
  if (alike !== undefined) return alike;
  const near = found.filter((candidate) => isNear(plain(candidate), plain(name)));
  return near[0] ?? null;
}

/** Whether a name contains the other, has the same letters, or differs in one place of at most two letters. */
function isNear(a: string, b: string): boolean {
  if (a.length < 3 || b.length < 3) return false;
  if (a.includes(b) || b.includes(a) || sorted(a) === sorted(b)) return true;
  let [begin, end] = [0, 0];
  while (begin < a.length && a[begin] === b[begin]) begin += 1;
  while (end < Math.min(a.length, b.length) - begin && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  return Math.max(a.length, b.length) - begin - end <= 2;
}

const sorted = (name: string): string => Array.from(name).sort().join('');
