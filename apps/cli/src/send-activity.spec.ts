import { DEFAULT_TENANT, InvalidInput, RetryableError } from '@perennial/values';
import type { Acknowledged, LogProducer } from '@perennial/stream';
import { sendActivity } from './log-producer';

const never = new Promise<never>(() => undefined);
const message = { type: 'track', messageId: 'order-7', userId: 'c1', event: 'Order Completed' } as const;

function logWith(producer: Partial<LogProducer>) {
  const connected: LogProducer = {
    connect: () => Promise.resolve(),
    send: () => Promise.resolve([]),
    close: () => Promise.resolve(),
  };
  return { producer: () => ({ ...connected, ...producer }) };
}

async function failure(producer: Partial<LogProducer>): Promise<unknown> {
  return sendActivity(logWith(producer), DEFAULT_TENANT, message, 20).catch((error: unknown) => error);
}

describe('an activity that is sent', () => {
  it('is told with its place once the log has it', async () => {
    const acknowledged: Acknowledged = { topic: 'perennial.activity.v1', partition: 2, baseOffset: 5 };
    const log = logWith({ send: () => Promise.resolve([acknowledged]) });
    expect(await sendActivity(log, DEFAULT_TENANT, message)).toBe(acknowledged);
  });

  it('is given up when the brokers do not answer: nothing was sent', async () => {
    const error = await failure({ connect: () => never });
    expect(error).toBeInstanceOf(RetryableError);
    expect(error).toHaveProperty(
      'message',
      expect.stringMatching(/^The log has not answered for 0\.02 s, and nothing was sent\./),
    );
  });

  it.each<[string, LogProducer['send']]>([
    ['never comes', () => never],
    ['is that the time was up', () => Promise.reject(new RetryableError('STREAM.SEND_TIMED_OUT', 'no answer in time'))],
  ])('may have been taken when the acknowledgement %s: sent again with the same id it counts once', async (_, send) => {
    const error = await failure({ send });
    expect(error).toBeInstanceOf(RetryableError);
    expect(error).toHaveProperty(
      'message',
      expect.stringMatching(/^It is not known whether .*\. Send it again with --id order-7: it counts once\. Why: .+/),
    );
  });

  it('is refused when it would only be set aside', async () => {
    const noName = { ...message, event: '' };
    await expect(sendActivity(logWith({}), DEFAULT_TENANT, noName)).rejects.toThrow(InvalidInput);
  });
});
