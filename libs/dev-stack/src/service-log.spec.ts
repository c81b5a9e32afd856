import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openServiceLog } from './service';

const folder = mkdtempSync(join(tmpdir(), 'perennial-service-log-'));
const file = join(folder, 'collector.log');
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function open() {
  const { createLogger } = await import('@perennial/observability');
  const said: string[] = [];
  const log = openServiceLog('collector', file, (line) => said.push(line));
  return { said, log, logger: createLogger({ name: 'collector', level: 'info', destination: log }) };
}

describe("a service's log", () => {
  it('is in its file, all of it as JSON; errors are said in one line each that names the file', async () => {
    const { said, log, logger } = await open();
    logger.info('up');
    logger.warn({ reason: 'no broker' }, 'start-up waits');
    logger.error(new Error('boom\nat line 2'));
    logger.fatal({ reason: 'log is gone' }, 'partition stands still');
    log.close();
    expect(said).toEqual([
      `collector: boom at line 2; see ${file}`,
      `collector: partition stands still: log is gone; see ${file}`,
    ]);
    const levels = readFileSync(file, 'utf8').trim().split('\n');
    expect(levels.map((line) => (JSON.parse(line) as { level: string }).level)).toEqual([
      'info',
      'warn',
      'error',
      'fatal',
    ]);
  });

  it('says the same error once in a row, and remembers what was warned of last', async () => {
    const { said, log, logger } = await open();
    expect(log.warning()).toBeNull();
    for (let time = 0; time < 3; time++) logger.error({ reason: 'no database' }, 'trying again');
    logger.warn({ reason: 'no broker' }, 'start-up waits');
    log.close();
    expect(said).toHaveLength(1);
    expect(log.warning()).toBe('start-up waits: no broker');
  });

  it('of the run before is kept beside it', async () => {
    const { log, logger } = await open();
    log.close();
    logger.error('too late');
    expect(readFileSync(`${file}.previous`, 'utf8')).toContain('start-up waits');
  });
});
