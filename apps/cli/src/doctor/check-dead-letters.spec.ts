import { deadLetterRecord, type DeadLetterCause, poison, TOPIC } from '@perennial/contracts';
import { checkDeadLetters } from './check-dead-letters';

/** A log with a dead letter of each cause, the first of which an operator has dropped. */
async function look(...causes: readonly DeadLetterCause[]) {
  const { createInProcessLog, topicSpecs } = await import('@perennial/stream');
  const log = createInProcessLog({ directory: null, now: Date.now, schedule: setImmediate });
  await log.admin().createTopics(topicSpecs('', 1, 1));
  const producer = log.producer();
  await producer.connect();
  const records = causes.map((cause, offset) => {
    const record = { key: Buffer.from('default:c'), value: Buffer.from('{}'), headers: [], offset, timestamp: 0 };
    const position = { topic: TOPIC.activity, partition: 0, offset };
    return deadLetterRecord(record, position, poison(cause, 'why'));
  });
  if (records.length > 0) await producer.send(records);
  await producer.close();
  const dropped = new Map([['0:0', { state: 'dropped', by: 'ann', at: 0, reason: '' } as const]]);
  const findings = await checkDeadLetters({
    log,
    deadLetters: { of: () => Promise.resolve(dropped) } as unknown as Parameters<
      typeof checkDeadLetters
    >[0]['deadLetters'],
  });
  await log.close();
  return findings;
}

it('dead letters that wait are counted by cause; those that were settled are not', async () => {
  expect(await look('too-large', 'future-timestamp', 'no-customer', 'future-timestamp')).toEqual([
    {
      check: 'dead letters',
      state: 'todo',
      found: '3 wait: future-timestamp 2, no-customer 1',
      remedy: 'perennial dead-letter list',
    },
  ]);
  expect(await look('too-large')).toMatchObject([{ state: 'ok', found: 'none waits' }]);
});
