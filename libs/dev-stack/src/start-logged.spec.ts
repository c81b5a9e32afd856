import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServiceOptions } from '@perennial/host';
import { type Service, startLogged } from './service';

const logs = mkdtempSync(join(tmpdir(), 'perennial-start-logged-'));
const file = join(logs, 'engine.log');
afterAll(() => {
  rmSync(logs, { recursive: true });
});

async function started(start: (options: ServiceOptions, spoken: Promise<void>) => ReturnType<Service['start']>) {
  const said: string[] = [];
  const options = { environment: {}, log: null, abort: new AbortController().signal };
  let speak = (): void => undefined;
  const spoken = new Promise<void>((resolve) => (speak = resolve));
  const say = (line: string): void => {
    said.push(line);
    speak();
  };
  const service: Service = { name: 'engine', start: (given) => start(given, spoken) };
  return { said, running: await startLogged(service, options, { logs }, say, 10) };
}

const running = { url: 'http://here', stop: () => Promise.resolve() };
const line = (level: string, msg: string): string => `${JSON.stringify({ level, msg })}\n`;

describe('a service of a stack', () => {
  it('that starts says nothing; its log is in its file', async () => {
    const { said, running: service } = await started(({ logTo }) => {
      logTo?.write(line('warn', 'a moment'));
      return Promise.resolve(running);
    });
    await service.stop();
    expect([service.url, said]).toEqual(['http://here', []]);
    expect(readFileSync(file, 'utf8')).toContain('a moment');
  });

  it('that has to wait says what for, and where to read on', async () => {
    const { said } = await started(async ({ logTo }, spoken) => {
      logTo?.write(line('warn', 'no broker answers'));
      await spoken;
      return running;
    });
    expect(said).toEqual([`Still waiting for engine: no broker answers; see ${file}`]);
  });
});
