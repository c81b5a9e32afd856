/**
 * A walk through a page of docs: its ```console and ```bash blocks, in the order in which they stand.
 *
 * In a ```console block `$ ` begins a command, `> ` goes on with it; what follows is what it prints, stderr included. `…` within a
 * line stands for any text, a line of it alone for any lines. What stands behind `console`: `terminal=NAME`, another terminal,
 * whose command goes on running (a block without a command tells what it prints next); `exit=N`, the exit code of a command that
 * fails. A ```bash block is one command as it stands, to be copied as a whole, such as one that writes a file; it prints nothing.
 */
export interface Step {
  /** In which line of the page it stands, for messages. */
  readonly line: number;
  /** Null: the reader's own, in which each command ends before the next begins. */
  readonly terminal: string | null;
  /** Null: nothing is typed. */
  readonly command: string | null;
  readonly prints: readonly string[];
  readonly exit: number;
}

const FENCE = /^```(\S*)(.*)$/;

export function stepsOf(page: string): readonly Step[] {
  const steps: Step[] = [];
  let block: Block | null = null;
  for (const [index, text] of page.split('\n').entries()) {
    const [, language = '', notes = ''] = FENCE.exec(text) ?? [];
    if (!FENCE.test(text)) block?.lines.push(text);
    else if (block === null) block = { language, notes, line: index + 2, lines: [] };
    else {
      if (block.language === 'console') steps.push(...typedIn(block));
      if (block.language === 'bash') steps.push(copied(block));
      block = null;
    }
  }
  return steps;
}

/** `line`: in which line of the page its first line stands. */
interface Block {
  readonly language: string;
  readonly notes: string;
  readonly line: number;
  readonly lines: string[];
}

function copied({ line, lines }: Block): Step {
  return { line, terminal: null, command: lines.join('\n'), prints: [], exit: 0 };
}

function typedIn({ lines, line: first, notes }: Block): readonly Step[] {
  const terminal = /\bterminal=(\S+)/.exec(notes)?.[1] ?? null;
  const exit = Number(/\bexit=(\d+)/.exec(notes)?.[1] ?? 0);
  const starts = lines.flatMap((text, index) => (text.startsWith('$ ') ? [index] : []));
  if (starts[0] !== 0) starts.unshift(0);
  return starts.map((start, nth) => {
    const own = lines.slice(start, starts[nth + 1]);
    const typed = own.filter((text, index) => text.startsWith(index === 0 ? '$ ' : '> '));
    const command = typed.length === 0 ? null : typed.map((text) => text.slice(2)).join('\n');
    return { line: first + start, terminal, command, prints: own.slice(typed.length), exit };
  });
}

/**
 * Up to which of the `actual` lines a page has told them; null: it tells other ones. `whole`: up to the last, else a part will do.
 */
export function readUpTo(
  prints: readonly string[],
  actual: readonly string[],
  whole: boolean,
  from = 0,
): number | null {
  const [next, ...rest] = prints;
  if (next === undefined) return whole && from < actual.length ? null : from;
  const line = actual[from];
  if (next !== ANY) return line !== undefined && fits(line, next) ? readUpTo(rest, actual, whole, from + 1) : null;
  for (let skipped = from; skipped <= actual.length; skipped += 1) {
    const end = readUpTo(rest, actual, whole, skipped);
    if (end !== null) return end;
  }
  return null;
}

/** A line of progress (libs/command-line), which commands print once they take two seconds: on a busy machine any of them may. */
const PROGRESS = /^[\w ]+: \d+ of \d+ [\w ]+, \d+\/s(?:, .+ left)?$/;

export const withoutProgress = (lines: readonly string[]): readonly string[] =>
  lines.filter((line) => !PROGRESS.test(line));

const ANY = '…';

function fits(line: string, told: string): boolean {
  const [first = '', ...parts] = told.trimEnd().split(ANY);
  const last = parts.pop();
  const text = line.trimEnd();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  const end = text.length - last.length;
  let at = first.length;
  return parts.every((part) => {
    const found = text.indexOf(part, at);
    at = found + part.length;
    return found !== -1 && at <= end;
  });
}
