/** Where and with what a run was measured. */
import { execFileSync } from 'node:child_process';
import { arch, cpus, release, totalmem, type } from 'node:os';
import { environmentWith } from '@perennial/config';
import { repository } from '@perennial/dev-stack';

export interface Setting {
  readonly at: string;
  readonly commit: string;
  readonly node: string;
  readonly machine: {
    readonly system: string;
    readonly processors: number;
    readonly model: string;
    readonly memoryGib: number;
  };
  /** Variables of the engine that were set; no addresses, no secrets. */
  readonly engine: Readonly<Record<string, string>>;
}

/** The engine's numbers. */
const TOLD = /^(BATCH|QUEUE|SESSION|HEARTBEAT|REQUEST|LEASE|QUERY)_[A-Z_]+$|^NODE_OPTIONS$/;
const GIB = 2 ** 30;

export function settingOf(now: Date): Setting {
  const set = Object.entries(environmentWith({})).filter(([name]) => TOLD.test(name));
  return {
    at: now.toISOString(),
    commit: commitOf(),
    node: process.version,
    machine: {
      system: `${type()} ${release()} ${arch()}`,
      processors: cpus().length,
      model: cpus()[0]?.model ?? 'unknown',
      memoryGib: Math.round(totalmem() / GIB),
    },
    engine: Object.fromEntries(set.map(([name, value]) => [name, value ?? ''])),
  };
}

/** With a plus when files differ from it. */
function commitOf(): string {
  try {
    const git = (...args: string[]): string =>
      execFileSync('git', args, { cwd: repository, encoding: 'utf8', stdio: 'pipe' }).trim();
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain') === '' ? '' : '+');
  } catch {
    return 'unknown';
  }
}
