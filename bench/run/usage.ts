/** What processes have used, from Linux' /proc; null where there is none. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Linux counts in this unit for programs, whatever its own clock. */
const TICKS_PER_SECOND = 100;
const KIB_PER_MIB = 1024;

/** Processor time of a process in seconds, that of its ended children included. */
export function cpuSeconds(pid: number): number | null {
  const fields = statOf(pid);
  if (fields === null) return null;
  // utime, stime, cutime, cstime
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_PER_SECOND;
}

/** The same of a server that works in processes of its own: with its living children. */
export function cpuSecondsOfGroup(pid: number): number | null {
  const own = cpuSeconds(pid);
  if (own === null) return null;
  const children = readdirSync('/proc').filter(
    (name) => /^\d+$/.test(name) && statOf(Number(name))?.[1] === String(pid),
  );
  return children.reduce((sum, child) => sum + (cpuSeconds(Number(child)) ?? 0), own);
}

/** Processor time that the whole machine has spent on anything, in seconds. */
export function busySeconds(): number | null {
  if (!existsSync('/proc/stat')) return null;
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = line.trim().split(/\s+/).slice(1).map(Number);
  return (user + nice + system + irq + softirq) / TICKS_PER_SECOND;
}

/** Resident memory in MiB: now, or the most there ever was. */
export function residentMib(pid: number, which: 'now' | 'peak'): number | null {
  const file = `/proc/${pid}/status`;
  if (!existsSync(file)) return null;
  const name = which === 'now' ? 'VmRSS' : 'VmHWM';
  const kib = new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync(file, 'utf8'))?.[1];
  return kib === undefined ? null : Number(kib) / KIB_PER_MIB;
}

/** The fields after the name, which may hold spaces; from the state on. */
function statOf(pid: number): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}
