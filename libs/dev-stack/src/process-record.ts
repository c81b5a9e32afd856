import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { isRunning, signal } from './process-identity';
import type { RecordedProcess } from './server-process';
import { waitFor } from './wait-for';

/** Writes down a started server, so that it is found again should this process be killed. */
export function recordProcess(file: string, server: RecordedProcess): void {
  appendFileSync(file, `${JSON.stringify(server)}\n`, { mode: 0o600 });
}

/** Ends the recorded servers that still run, newest first, and forgets them. Returns the names of those it ended. */
export async function endRecorded(file: string): Promise<readonly string[]> {
  const orphans = recorded(file).filter(isRunning);
  for (const orphan of orphans.toReversed()) await end(orphan);
  rmSync(file, { force: true });
  return orphans.map(({ name }) => name);
}

async function end(orphan: RecordedProcess): Promise<void> {
  const gone = (): true | null => (isRunning(orphan) ? null : true);
  signal(orphan, orphan.gentle);
  try {
    await waitFor(`${orphan.name} (process ${orphan.pid}) to end`, gone, { timeoutMs: 20_000 });
  } catch {
    signal(orphan, 'SIGKILL');
    await waitFor(`${orphan.name} (process ${orphan.pid}) to end after SIGKILL`, gone, { timeoutMs: 10_000 });
  }
}

function recorded(file: string): RecordedProcess[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1); // what a kill left half-written has no line end
  return lines.map((line) => JSON.parse(line) as RecordedProcess);
}
