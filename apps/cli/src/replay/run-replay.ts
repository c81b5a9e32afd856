/**
 * Deals a history out to shares of its customers, and puts what they answer together.
 *
 * 1. All activities of a customer are in one share, in order.
 * 2. Lines are written in the order of their places, whatever the number of shares: page by page, each merged by place.
 * 3. Only so many pages are under way; what is in memory does not grow with the history, but for the customers' states.
 */
import type { Instant } from '@perennial/values';
import type { History, Page } from '@perennial/history';
import type { ReplaySummary } from '@perennial/lifecycle';
import type { Lines, Share, ShareJob } from './share-replay';

interface ReplayJob {
  readonly history: Pick<History, 'total' | 'newest' | 'countThrough' | 'pages'>;
  /** The last clock; later activities are left out. Null: the newest activity's time. */
  readonly until: Instant | null;
  /** Called with the lines of facts and of states, in order; null when nobody wants them, which spares writing them out. */
  readonly onFacts: ((lines: string) => void) | null;
  readonly onStates: ((lines: string) => void) | null;
  /** Called now and then with the number of activities taken. */
  readonly onProgress: (taken: number) => void;
}

export interface Replayed {
  readonly summary: ReplaySummary;
  /** Activities up to the clock. */
  readonly read: number;
  /** Activities after it. */
  readonly leftOut: number;
  /** Where the clock stands; null for an empty history without `until`. */
  readonly until: Instant | null;
}

/** Pages under way beside the one whose answers are awaited: nobody waits for the reader. */
const AHEAD = 2;
/** Customers are finished by ranges of so many places. */
const RANGE = 8192;

/** Takes a history through the core, then the clock. `open` makes the shares; they are closed here. */
export async function runReplay(
  job: ReplayJob,
  open: (job: Omit<ShareJob, 'definition'>) => Promise<readonly Share[]>,
): Promise<Replayed> {
  const { history, until, onFacts, onStates } = job;
  const end = until ?? history.newest;
  const read = end === null ? 0 : await history.countThrough(end);
  const shares = await open({ end: end ?? 0, read, facts: onFacts !== null, states: onStates !== null });
  try {
    await takeAll(job, end, shares);
    await finishAll(job, read, shares);
    const { sumOf } = await import('@perennial/lifecycle');
    const summary = sumOf(await Promise.all(shares.map((share) => share.summary())));
    return { summary, read, leftOut: history.total - read, until: end };
  } finally {
    await Promise.all(shares.map((share) => share.close()));
  }
}

async function takeAll(job: ReplayJob, through: Instant | null, shares: readonly Share[]): Promise<void> {
  const { history, onFacts, onStates, onProgress } = job;
  const underWay: { readonly page: Page; readonly answers: Promise<readonly (Lines | null)[]> }[] = [];
  let taken = 0;
  const end = async (atMost: number): Promise<void> => {
    for (let next = underWay[0]; next !== undefined && underWay.length > atMost; next = underWay[0]) {
      write(onFacts, readable(await next.answers) ?? (await next.page.refuse()));
      for (const { rows } of next.page.sheets.values()) taken += rows;
      onProgress(taken);
      underWay.shift();
    }
  };
  const places = onFacts !== null || onStates !== null;
  for await (const page of history.pages({ through, shares: shares.length, places })) {
    const answers = deal(page, shares);
    // Told when its turn comes.
    answers.catch(() => undefined);
    underWay.push({ page, answers });
    await end(AHEAD);
  }
  await end(0);
}

function deal({ sheets }: Page, shares: readonly Share[]): Promise<readonly (Lines | null)[]> {
  return Promise.all([...sheets].map(([share, sheet]) => shares[share]?.take(sheet) ?? Promise.resolve(null)));
}

function readable(answers: readonly (Lines | null)[]): readonly Lines[] | null {
  const lines = answers.filter((answer) => answer !== null);
  return lines.length < answers.length ? null : lines;
}

async function finishAll({ onFacts, onStates }: ReplayJob, read: number, shares: readonly Share[]): Promise<void> {
  for (let first = 0; first < read; first += RANGE) {
    const finished = await Promise.all(shares.map((share) => share.finish(first + RANGE)));
    write(
      onFacts,
      finished.map(({ facts }) => facts),
    );
    write(
      onStates,
      finished.map(({ states }) => states),
    );
  }
}

function write(to: ((lines: string) => void) | null, parts: readonly Lines[]): void {
  if (to === null) return;
  const all = parts.flatMap(({ places, texts }) => places.map((place, index) => ({ place, text: texts[index] ?? '' })));
  if (parts.length > 1) all.sort((a, b) => a.place - b.place);
  for (const { text } of all) to(text);
}
