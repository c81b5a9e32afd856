import { RetryableError } from '@perennial/values';
import { createLogger } from '@perennial/observability';
import { Startup } from './startup';

const logger = createLogger({ name: 'test', level: 'silent', destination: { write: () => undefined } });

describe('start-up work that waits for a server', () => {
  it('is given up at once when the service is told to stop, also while a try gets no answer', async () => {
    const stopping = new AbortController();
    const never = new Startup(logger, stopping.signal).untilAvailable(() => new Promise<never>(() => undefined));
    stopping.abort();
    await expect(never).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('is given up between two tries too', async () => {
    const stopping = new AbortController();
    const away = () => {
      setImmediate(() => {
        stopping.abort();
      });
      return Promise.reject(new RetryableError('TEST.AWAY', 'away'));
    };
    const waiting = new Startup(logger, stopping.signal).untilAvailable(away);
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });
});
