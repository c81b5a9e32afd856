/**
 * `DATABASE_URLS`: which database holds which partitions, as `0-7=postgres://…/a,8-15=postgres://…/b`. No message shows a URL: a
 * password that was not percent-encoded may be in any piece of it.
 */
import { z } from 'zod';

/** A database, and the partitions [first, last] whose state it holds. */
export interface DatabaseGroup {
  readonly first: number;
  readonly last: number;
  readonly url: string;
}

const URL_FORM =
  'postgres://user:password@host:port/database (characters such as @ : / , in the password percent-encoded)';

export const databaseUrl = z.string().refine(isDatabaseUrl, { error: `expected ${URL_FORM}` });

export const databaseUrls = z.string().transform((text, context): readonly DatabaseGroup[] => {
  const entries = text.split(/[,\s]+/).filter((entry) => entry !== '');
  const read = entries.map((entry, index) => readEntry(entry, index + 1));
  const groups = read.flatMap((entry) => (typeof entry === 'string' ? [] : [entry]));
  const wrong = read.filter((entry) => typeof entry === 'string');
  const problems = wrong.length > 0 ? wrong : sameDatabase(groups);
  for (const message of problems) context.issues.push({ code: 'custom', input: text, message });
  return problems.length > 0 ? z.NEVER : groups;
});

/** The text that `databaseUrls` reads as these groups. */
export function formatDatabaseUrls(groups: readonly DatabaseGroup[]): string {
  return groups.map(({ first, last, url }) => `${first}-${last}=${url}`).join(',');
}

/** What is wrong with a division of so many partitions; null when each is in one entry. */
export function divisionProblem(groups: readonly DatabaseGroup[], partitions: number): string | null {
  const counts = Array.from({ length: partitions }, () => 0);
  for (const [index, { first, last }] of groups.entries()) {
    if (last >= partitions)
      return `entry ${index + 1} goes to partition ${last}, but PARTITIONS=${partitions} ends with ${partitions - 1}`;
    for (let partition = first; partition <= last; partition++) counts[partition] = (counts[partition] ?? 0) + 1;
  }
  const missing = counts.flatMap((count, partition) => (count === 0 ? [partition] : []));
  if (missing.length > 0) return `partition ${missing.join(', ')} is in no entry; PARTITIONS=${partitions}`;
  const twice = counts.flatMap((count, partition) => (count > 1 ? [partition] : []));
  return twice.length > 0 ? `partition ${twice.join(', ')} is in more than one entry` : null;
}

function readEntry(entry: string, number: number): DatabaseGroup | string {
  const [, range = '', from = '', to = from, url = ''] = /^((\d{1,4})(?:-(\d{1,4}))?)=(.*)$/.exec(entry) ?? [];
  if (range === '') return `entry ${number}: expected FIRST-LAST=${URL_FORM}, several joined by commas`;
  const [first, last] = [Number(from), Number(to)];
  if (first > last) return `entry ${number}: ${range} is no range of partitions; the lower one comes first`;
  return isDatabaseUrl(url) ? { first, last, url } : `entry ${number} (partitions ${range}): expected ${URL_FORM}`;
}

function sameDatabase(groups: readonly DatabaseGroup[]): readonly string[] {
  const seen = new Map<string, number>();
  return groups.flatMap(({ url }, index) => {
    const { hostname, port, pathname } = new URL(url);
    const place = `${hostname}:${port || '5432'}${pathname}`;
    const before = seen.get(place);
    if (before !== undefined)
      return [`entries ${before} and ${index + 1} lead to the same database; each needs its own`];
    seen.set(place, index + 1);
    return [];
  });
}

function isDatabaseUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url !== null && /^postgres(ql)?:$/.test(url.protocol) && url.hostname !== '' && url.pathname.length > 1;
}
