import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { commandLine, identify, isRunning, signal } from './process-identity';

describe('the identity of a process', () => {
  it('tells the same process twice alike, and when it has ended', async () => {
    const child = spawn('sleep', ['60']);
    await once(child, 'spawn');
    const identity = identify(child.pid ?? 0);
    expect(identity).toEqual(identify(child.pid ?? 0));
    expect(identity !== null && isRunning(identity)).toBe(true);
    const ended = once(child, 'exit');
    expect(identity !== null && signal(identity, 'SIGTERM')).toBe(true);
    await ended;
    expect(identity !== null && isRunning(identity)).toBe(false);
    expect(identity !== null && signal(identity, 'SIGTERM')).toBe(false);
  });

  it('does not take another process with the same pid for it', () => {
    const me = identify(process.pid);
    expect(isRunning({ pid: process.pid, started: `${me?.started ?? ''}0` })).toBe(false);
  });

  it('knows the command line', () => {
    expect(commandLine(process.pid)).toContain('node');
    expect(commandLine(0)).toBe('');
  });
});
