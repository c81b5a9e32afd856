/** A frozen folder as `perennial up` finds it: its keys, ports and log inside the process; its tables in a database of their own. */
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TOPIC } from '@perennial/contracts';
import { createRemoteLog, type Log } from '@perennial/stream';
import { Installation } from '../e2e/installation';
import { waitFor } from '../e2e/wait-for';
import type { FrozenFolder } from './frozen-folder';
import type { Ground } from './going-on';

export async function onStack(folder: FrozenFolder): Promise<Ground> {
  const installation = await Installation.create('data-folder', 'in-process', folder.database);
  Object.assign(installation.environment, { PERENNIAL_HOME: folder.home, TOPIC_PREFIX: '', PERENNIAL_KEY: '' });
  const stack = installation.start(['up', '--json']);
  const collector = await collectorOf(stack);
  const log = servedLog(folder.home);
  return {
    installation,
    collector,
    ends: async () =>
      new Map((await log.admin().offsets(TOPIC.activity)).map(({ partition, high }) => [partition, high])),
    records: (topic) => folder.records(topic),
    stop: async () => {
      await log.close();
      expect(await ended(stack)).toBe(0);
    },
  };
}

async function collectorOf(stack: ChildProcess): Promise<string> {
  let [out, said] = ['', ''];
  stack.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()));
  stack.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await waitFor('the stack', () => {
    if (stack.exitCode !== null) throw new Error(said);
    return Promise.resolve(out.endsWith('\n') ? true : null);
  });
  const { services } = JSON.parse(out) as {
    readonly services: readonly { readonly name: string; readonly url: string }[];
  };
  return services.find(({ name }) => name === 'collector')?.url ?? '';
}

function servedLog(home: string): Log {
  const { log } = JSON.parse(readFileSync(join(home, 'stack.json'), 'utf8')) as {
    readonly log: { readonly url: string; readonly token: string };
  };
  return createRemoteLog(log.url, log.token);
}

async function ended(stack: ChildProcess): Promise<number | null> {
  if (stack.exitCode !== null) return stack.exitCode;
  const exit = new Promise<number | null>((resolve) => stack.once('exit', resolve));
  stack.kill('SIGTERM');
  return exit;
}
