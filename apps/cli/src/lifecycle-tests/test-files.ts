import { type Dirent, readdirSync, statSync, watch } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { excerpt, fileTrouble, InvalidInput } from '@perennial/values';

const SUFFIX = '.lifecycle.yaml';
/** Folders of tools; those whose names begin with a dot are passed over, too. */
const PASSED_OVER = ['node_modules', 'dist', 'build', 'coverage'];
/** Ends a search that was started at the root of a disk. */
const MOST_FOLDERS = 20_000;
/** In ms, after the last change: editors write a file in several steps. */
const QUIET_MS = 100;

/**
 * The test files that paths name: a file as it is, of a folder all `*.lifecycle.yaml` in it and below, in order of their
 * names, each once. Throws `InvalidInput` when a path leads nowhere, or there is no test file at all.
 */
export function findTestFiles(paths: readonly string[]): readonly string[] {
  const budget = { folders: MOST_FOLDERS };
  const found = (paths.length === 0 ? ['.'] : paths).flatMap((path) =>
    isFolder(path) ? filesBelow(path, budget) : [path],
  );
  const once = new Map(found.map((file) => [resolve(file), file]));
  if (once.size > 0) return [...once.values()];
  const where = paths.length === 0 ? 'this folder' : paths.map((path) => excerpt(path)).join(', ');
  const remedy = 'Name a file, or begin with tests of your own: perennial init DIR --template retail makes some.';
  throw new InvalidInput('CLI.NO_TESTS', `There is no *${SUFFIX} in ${where} or below. ${remedy}`);
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (cause) {
    throw new InvalidInput(
      'CLI.UNREADABLE_FILE',
      `${path === '' ? '""' : excerpt(path)} cannot be read: ${fileTrouble(cause)}.`,
      { cause },
    );
  }
}

function filesBelow(folder: string, budget: { folders: number }): string[] {
  if (budget.folders-- <= 0) {
    const message = `There are more than ${MOST_FOLDERS} folders to search for *${SUFFIX}. Name a folder or a file.`;
    throw new InvalidInput('CLI.TOO_MANY_FOLDERS', message);
  }
  return entriesOf(folder).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return isPassedOver(entry.name) ? [] : filesBelow(path, budget);
    return entry.name.endsWith(SUFFIX) ? [path] : [];
  });
}

const isPassedOver = (name: string): boolean => name.startsWith('.') || PASSED_OVER.includes(name);

/** Entries of a folder, sorted; none of a folder that this user may not open. */
function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

/**
 * Resolves once one of the files has changed, come or gone, or a `*.yaml` of the folders has, and nothing more changes for a
 * moment; at once when aborted. Folders are watched and not files: editors put a new file in the place of the old one.
 */
export async function watchFiles(
  files: readonly string[],
  paths: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const wanted = new Set(files.map((file) => resolve(file)));
  const named = (paths.length === 0 ? ['.'] : paths).filter(isThere).map((path) => resolve(path));
  const folders = new Set([...[...wanted].map((file) => dirname(file)), ...named]);
  const done = new AbortController();
  const stop = AbortSignal.any([signal, done.signal]);
  let timer: NodeJS.Timeout | undefined;
  const changed = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      done.abort();
    }, QUIET_MS);
  };
  for (const folder of [...folders].filter(isThere)) {
    const watcher = watch(folder, { signal: stop }, (_event, name) => {
      if (name === null || name.endsWith('.yaml') || wanted.has(resolve(folder, basename(name)))) changed();
    });
    // A folder that goes away is a change.
    watcher.on('error', changed);
  }
  await new Promise<void>((end) => {
    if (stop.aborted) end();
    stop.addEventListener('abort', () => {
      end();
    });
  });
  clearTimeout(timer);
}

/** Whether the folder still exists. */
function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
