import { RetryableError } from '@perennial/values';
import { createLogger } from '@perennial/observability';
import { untilAvailable } from './until-available';

const logger = createLogger({ name: 'test', level: 'silent', destination: { write: () => undefined } });

describe('start-up work that waits for a server', () => {
  it('is given up at once when the service is told to stop, also while a try gets no answer', async () => {
    const stopping = new AbortController();
    const never = untilAvailable(() => new Promise<never>(() => undefined), logger, stopping.signal);
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
    await expect(untilAvailable(away, logger, stopping.signal)).rejects.toMatchObject({ name: 'AbortError' });
  });
});
