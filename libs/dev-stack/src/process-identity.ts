import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/**
 * A process told apart from any other: a pid may be reused, a pid with its start time is not.
 * The start time is opaque text, comparable only on the same machine.
 */
export interface ProcessIdentity {
  readonly pid: number;
  readonly started: string;
}

/** The process that has this pid now; null when there is none. A zombie has ended and counts as none. */
export function identify(pid: number): ProcessIdentity | null {
  const started = existsSync('/proc/self/stat') ? startedByProc(pid) : startedByPs(pid);
  return started === null ? null : { pid, started };
}

/** Whether that very process still runs. */
export function isRunning(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.started === identity.started;
}

/** The command line of a process, as one text; empty when it cannot be told. */
export function commandLine(pid: number): string {
  try {
    return existsSync('/proc/self/stat')
      ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
      : execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}

/** Sends a signal to exactly that process; false when it has ended. */
export function signal(identity: ProcessIdentity, name: NodeJS.Signals): boolean {
  return isRunning(identity) && process.kill(identity.pid, name);
}

/** Field 22 of /proc/PID/stat; the command name before it may hold spaces and brackets. */
function startedByProc(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' || state === 'X' ? null : (fields[18] ?? null);
  } catch {
    return null;
  }
}

function startedByPs(pid: number): string | null {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return line === '' || line.startsWith('Z') ? null : line.replace(/^\S+\s+/, '');
  } catch {
    return null;
  }
}
