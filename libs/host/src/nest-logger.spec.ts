import { createLogger } from '@perennial/observability';
import { nestLogger } from './nest-logger';

it('the log takes what Nest has to say', () => {
  const lines: string[] = [];
  const log = createLogger({ name: 'engine', level: 'info', destination: { write: (line) => void lines.push(line) } });
  const nest = nestLogger(log);
  nest.log('Nest application started', 'NestApplication');
  nest.error(new Error('boom'), 'stack', 'Handler');
  expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
    expect.objectContaining({ level: 'error', msg: 'boom', context: 'Handler' }),
  ]);
});
