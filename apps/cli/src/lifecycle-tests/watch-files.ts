import { statSync, watch } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';

/** Editors write a file in several steps. */
const QUIET_MS = 100;

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
  const named = (paths.length === 0 ? ['.'] : paths).filter(isFolder).map((path) => resolve(path));
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
  for (const folder of [...folders].filter(isFolder)) {
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

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
