import { createLogger, type LogLevel } from './logger';

function logged(
  write: (logger: ReturnType<typeof createLogger>) => void,
  level: LogLevel = 'info',
): Record<string, unknown>[] {
  const lines: string[] = [];
  write(createLogger({ name: 'engine', level, destination: { write: (line: string) => void lines.push(line) } }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('the log', () => {
  it('is one JSON object a line with level, time, name and message', () => {
    const [line] = logged((log) => {
      log.info({ partition: 3 }, 'claimed');
    });
    expect(line).toMatchObject({ level: 'info', name: 'engine', partition: 3, msg: 'claimed' });
    expect(line?.['time']).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  });

  it('writes nothing that acts on a terminal, and says the same', () => {
    const lines: string[] = [];
    const destination = { write: (line: string) => void lines.push(line) };
    const id = 'c\u001b[2J\u009b31m\u202e\u{e0041}';
    createLogger({ name: 'engine', level: 'info', destination }).info({ id }, 'parked');
    expect(lines.join('')).toMatch(/^[^\p{Cc}\p{Cf}]*\n$/u);
    expect(JSON.parse(lines.join(''))).toMatchObject({ id });
  });

  it('leaves out what is below its level', () => {
    const lines = logged((log) => {
      log.info('quiet');
      log.warn('loud');
    }, 'warn');
    expect(lines.map((line) => line['msg'])).toEqual(['loud']);
  });

  it('hides secrets at every level it is used with', () => {
    const text = JSON.stringify(
      logged((log) => {
        log.info({ password: 'geheim', kafka: { sasl: { password: 'geheim' }, brokers: ['b'] } }, 'environment');
        log.info({ environment: { database: { password: 'geheim' }, key: 'geheim' } });
      }),
    );
    expect(text).not.toContain('geheim');
    expect(text).toContain('[secret]');
    expect(text).toContain('brokers');
  });

  it('hides the credentials of URLs wherever they stand', () => {
    const [line] = logged((log) => {
      log.error(new Error('cannot reach postgres://user:geheim@db:5432/x'));
    });
    expect(JSON.stringify(line)).not.toContain('geheim');
    expect(line?.['msg']).toBe('cannot reach postgres://[secret]@db:5432/x');
  });
});
