/** A small third service, as its host runs it. Numbers are those of host.ts. */
import { createServer } from 'node:net';
import { Controller, Get, Inject } from '@nestjs/common';
import { type CustomTransportStrategy, EventPattern, Payload, Server } from '@nestjs/microservices';
import { ConfigurationError } from '@perennial/config';
import { createInProcessLog, type Log } from '@perennial/stream';
import { RetryableError } from '@perennial/values';
import { z } from 'zod';
import { host } from './host';
import type { ServiceDefinition, ServiceSettings } from './service';
import type { Startup } from './startup';

const environment: z.ZodType<ServiceSettings> = z
  .object({ HTTP_PORT: z.coerce.number() })
  .transform(({ HTTP_PORT }) => ({ http: { host: '127.0.0.1', port: HTTP_PORT }, logLevel: 'info' as const }));

const GREETINGS = Symbol('Greetings');

@Controller()
class GreetingController {
  constructor(@Inject(GREETINGS) private readonly greetings: string[]) {}

  @Get('greetings')
  all(): readonly string[] {
    return this.greetings;
  }

  @EventPattern('greeting')
  take(@Payload() greeting: string): void {
    this.greetings.push(greeting);
  }
}

/** Greets once it listens. */
class Greeter extends Server implements CustomTransportStrategy {
  constructor(private readonly happened: string[]) {
    super();
  }

  async listen(listening: () => void): Promise<void> {
    this.happened.push('consumer listens');
    await this.getHandlerByPattern('greeting')?.('hello');
    listening();
  }

  close(): void {
    this.happened.push('consumer closed');
  }

  override on(): void {
    throw new Error('There are no events.');
  }

  override unwrap(): never {
    throw new Error('There is no client.');
  }
}

/** The archive that the service needs: it may be away, give no answer, or refuse. */
type Answer = 'here' | 'away' | 'none' | 'refused';

function thirdService(answer: () => Answer) {
  const happened: string[] = [];
  const lines: string[] = [];
  const ask = async (): Promise<void> => {
    switch (answer()) {
      case 'here':
        return;
      case 'away':
        throw new RetryableError('TEST.AWAY', 'the archive is away');
      case 'none':
        return new Promise(() => undefined);
      case 'refused':
        throw new Error('the archive refuses');
    }
  };
  const service: ServiceDefinition<ServiceSettings> = {
    name: 'third',
    environment,
    needs: 'the archive',
    open: ({ dependencies, onStop, watch }) => {
      onStop(async () => {
        await new Promise(setImmediate);
        happened.push('archive closed');
      });
      return {
        module: { controllers: [GreetingController], providers: [{ provide: GREETINGS, useValue: [] }] },
        ready: { start: dependencies.start, dependencies: dependencies.away },
        consumers: [new Greeter(happened)],
        connect: async (startup: Startup) => {
          onStop(() => {
            happened.push('worker stopped');
          });
          watch('archive', ask);
          await startup.untilAvailable(ask);
          happened.push('archive reached');
        },
      };
    },
  };
  const logTo = { write: (line: string) => void lines.push(line) };
  const said = () => lines.map((line) => JSON.parse(line) as { name: string; msg: string; reason?: string });
  return { service, happened, said, logTo };
}

let log: Log;
/** Of the service under test; it is chosen here so that its health can be asked while it starts. */
let port: number;

beforeEach(async () => {
  log = createInProcessLog({ directory: null, now: Date.now, schedule: setImmediate });
  port = await freePort();
});
afterEach(() => log.close());

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const variables = () => ({ HTTP_PORT: String(port) });
const get = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${port}/${path}`);

/** What is missing, as `/health/ready` says it; null until it answers. */
async function missing(): Promise<readonly string[] | null> {
  const answer = await get('health/ready').catch(() => null);
  if (answer === null) return null;
  const { reasons } = (await answer.json()) as { reasons: readonly { check: string; reason: string }[] };
  return reasons.map(({ check, reason }) => `${check}: ${reason}`);
}

async function until<T>(ask: () => Promise<T>, holds: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (holds(answer)) return answer;
    await new Promise(setImmediate);
  }
}

it('says what is missing until it is there, works then, and stops in order (1, 2)', async () => {
  let answer: Answer = 'away';
  const { service, happened, said, logTo } = thirdService(() => answer);
  const starting = host(service, { environment: variables(), log, logTo });
  expect(await until(missing, (reasons) => reasons?.length === 2)).toEqual([
    'start: starting: waits for the archive',
    'dependencies: archive: the archive is away',
  ]);
  expect((await get('health/live')).status).toBe(200);
  expect(await (await get('metrics')).text()).toContain('{service="third"');
  expect(happened).toEqual([]);

  answer = 'here';
  const running = await starting;
  expect(running.url).toBe(`http://127.0.0.1:${port}`);
  expect(said()[0]).toMatchObject({ name: 'third', msg: 'start-up waits', reason: 'the archive is away' });
  expect(await (await get('greetings')).json()).toEqual(['hello']);

  await Promise.all([running.stop(), running.stop()]);
  expect(happened).toEqual([
    'archive reached',
    'consumer listens',
    'worker stopped',
    'consumer closed',
    'archive closed',
  ]);
  expect(await missing()).toBeNull();
});

it.each(['away', 'none'] as const)(
  'is aborted while its dependency is away, and leaves nothing open (3): %s',
  async (answer) => {
    const { service, happened, logTo } = thirdService(() => answer);
    const { signal, abort } = abortable();
    const starting = host(service, { environment: variables(), log, logTo, abort: signal });
    await until(missing, (reasons) => reasons !== null);
    abort();
    await expect(starting).rejects.toMatchObject({ name: 'AbortError' });
    expect(happened).toEqual(['worker stopped', 'consumer closed', 'archive closed']);
    expect(await missing()).toBeNull();
  },
);

it('does not begin when it is aborted before (3)', async () => {
  const { service, happened, logTo } = thirdService(() => 'here');
  const { signal, abort } = abortable();
  abort();
  const starting = host(service, { environment: variables(), log, logTo, abort: signal });
  await expect(starting).rejects.toMatchObject({ name: 'AbortError' });
  expect(happened).toEqual(['consumer closed', 'archive closed']);
});

it('rejects with what waiting does not mend, and leaves nothing open (3)', async () => {
  const { service, happened, logTo } = thirdService(() => 'refused');
  await expect(host(service, { environment: variables(), log, logTo })).rejects.toThrow('the archive refuses');
  expect(happened).toEqual(['worker stopped', 'consumer closed', 'archive closed']);
  expect(await missing()).toBeNull();
});

it('needs brokers when its log is not in the process', async () => {
  const { service, logTo } = thirdService(() => 'here');
  const open: typeof service.open = (opening) => {
    opening.openLog({ kafka: null, prefix: '' });
    return service.open(opening);
  };
  const starting = host({ ...service, open }, { environment: variables(), log: null, logTo });
  await expect(starting).rejects.toBeInstanceOf(ConfigurationError);
  await expect(starting).rejects.toThrow('name the brokers');
});

it('takes no signal for itself (4)', async () => {
  const listeners = () => ['SIGINT', 'SIGTERM', 'SIGHUP'].map((name) => process.listenerCount(name));
  const before = listeners();
  const { service, logTo } = thirdService(() => 'here');
  const running = await host(service, { environment: variables(), log, logTo });
  expect(listeners()).toEqual(before);
  await running.stop();
});

function abortable() {
  const controller = new AbortController();
  return {
    signal: controller.signal,
    abort: (): void => {
      controller.abort();
    },
  };
}
