import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { InvalidInput, printable } from '@perennial/values';

/** Bounds of one DuckDB. */
export interface DatabaseOptions {
  /** Ends the statement that runs, and every later one, with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Memory that DuckDB may take before it sorts on disk, as DuckDB spells it, e.g. `512MB`. Default `1GB`. */
  readonly memoryLimit?: string;
  /** Where it sorts on disk: in a new folder within this one, removed at the end. Default the system's temporary folder. */
  readonly spillFolder?: string;
  /** Called now and then while a history is read and sorted, with the percentage that is done. */
  readonly onProgress?: (percentage: number) => void;
}

/** What our statements select: text and numbers (BIGINT comes as text). */
export type Cell = string | number | null;

/** A DuckDB of its own, in memory, in UTC, that neither loads nor fetches extensions. */
export interface Database {
  readonly connection: DuckDBConnection;
  /** Ends what works for it; undefined when nothing does. */
  readonly signal: AbortSignal | undefined;
  /** For files of ours; removed at the end. */
  readonly folder: string;
  /** The rows of a statement. Throws `InvalidInput` with what DuckDB says of `subject`. */
  rows(subject: string, sql: string): Promise<readonly (readonly Cell[])[]>;
  /** The same, with its progress told to `onProgress`. */
  longRows(subject: string, sql: string): Promise<readonly (readonly Cell[])[]>;
  close(): Promise<void>;
}

const PROGRESS_EVERY_MS = 250;

/** Opens a DuckDB with a folder of its own; `close` removes both. */
export async function openDatabase({
  memoryLimit = '1GB',
  spillFolder = tmpdir(),
  signal,
  onProgress,
}: DatabaseOptions): Promise<Database> {
  const spill = await mkdtemp(join(spillFolder, 'perennial-history-'));
  // Also when an error ends the process before `close`.
  const remove = (): void => {
    rmSync(spill, { recursive: true, force: true });
  };
  process.on('exit', remove);
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: memoryLimit,
    // One: more may give the rows of a query that leaves their order open in another order each time.
    threads: '1',
    temp_directory: spill,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  // Counted, not shown.
  if (onProgress !== undefined)
    for (const setting of ['enable_progress_bar = true', 'enable_progress_bar_print = false', 'progress_bar_time = 0'])
      await connection.run(`SET ${setting}`);
  const interrupt = (): void => {
    connection.interrupt();
  };
  signal?.addEventListener('abort', interrupt);
  const rows: Database['rows'] = async (subject, sql) => {
    signal?.throwIfAborted();
    const reader = await asking(subject, () => connection.runAndReadAll(sql)).catch((error: unknown) => {
      signal?.throwIfAborted();
      throw error;
    });
    return reader.getRowsJson() as Cell[][];
  };
  return {
    connection,
    signal,
    folder: spill,
    rows,
    longRows: async (subject, sql) => {
      const timer = setInterval(() => onProgress?.(Math.max(0, connection.progress.percentage)), PROGRESS_EVERY_MS);
      try {
        return await rows(subject, sql);
      } finally {
        clearInterval(timer);
      }
    },
    close: async () => {
      signal?.removeEventListener('abort', interrupt);
      connection.closeSync();
      instance.closeSync();
      await rm(spill, { recursive: true, force: true });
      process.off('exit', remove);
    },
  };
}

/**
 * Runs what concerns the input; what DuckDB refuses is the input's fault. `ownLines`: how many lines of ours stand before
 * the user's in the statement, whose line DuckDB may show; null: it is all ours, and nobody is to read it.
 */
export async function asking<T>(subject: string, ask: () => Promise<T>, ownLines: number | null = null): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    throw new InvalidInput('HISTORY.REFUSED', `${subject}: DuckDB refuses it: ${whatItSaid(cause, ownLines)}`, {
      cause,
    });
  }
}

/** What is kept of it, in characters. */
const MAX_SAID = 600;

/** Without DuckDB's own remedies (settings that this tool does not offer). */
function whatItSaid(error: unknown, ownLines: number | null): string {
  const [what = ''] = String(error).split(/\n+(?:Possible |Try setting|Please try installing|\s+file = )/);
  const said = shown(what, ownLines)
    .replace(/^Error: (Failed to extract statements: )?/, '')
    .replace(NO_FILES, (said) => `${said}; ${WHERE_FILES_ARE}`)
    .trim();
  const kept = said.length > MAX_SAID ? `${said.slice(0, MAX_SAID)}…` : said;
  return kept.split('\n').map(printable).join('\n');
}

const NO_FILES = /No files found that match the pattern "[^"]*"/;
const WHERE_FILES_ARE =
  "check the path: it begins at the working directory, and getvariable('here') is the folder of the query's file";

/** The line of the statement that DuckDB shows, and a mark below it. */
const EXCERPT = /\n+LINE (\d+):[^]*$/;

function shown(what: string, ownLines: number | null): string {
  if (ownLines === null) return what.replace(EXCERPT, '');
  return what.replace(EXCERPT, (excerpt, counted) => {
    const line = Number(counted) - ownLines;
    return line < 1 ? '' : excerpt.replace(/LINE \d+/, `LINE ${line}`);
  });
}

/** A text as an SQL literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
