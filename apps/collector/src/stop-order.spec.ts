/** A collector that stops while its database takes connections and does not answer. */
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInProcessLog, type LogProducer, topicSpecs } from '@perennial/stream';
import { start } from './service';
import { lastAnswerIn, RawConnection } from './testing/raw-connection';

const body = JSON.stringify({ userId: 'c1', event: 'Order Completed' });
const KEY = 'write-key-of-the-shop';
const folder = mkdtempSync(join(tmpdir(), 'perennial-stop-'));
const keysFile = join(folder, 'keys.json');
writeFileSync(keysFile, JSON.stringify({ [KEY]: 'shop' }));

const happened: string[] = [];
/** Something that happens once. */
function occurrence() {
  let happens: () => void = () => undefined;
  const happening = new Promise<void>((resolve) => (happens = resolve));
  return {
    happens: (): void => {
      happens();
    },
    happening,
  };
}
const released = occurrence();
const reached = occurrence();

const log = createInProcessLog({ directory: null, now: Date.now, schedule: setImmediate });
const real = log.producer();
let sends = 0;
/** Holds the first request. */
const producer: LogProducer = {
  connect: () => real.connect(),
  send: async (records) => {
    sends += 1;
    if (sends === 1) {
      reached.happens();
      await released.happening;
    }
    return real.send(records);
  },
  close: () => {
    happened.push('the log is let go');
    return real.close();
  },
};

const questions: Socket[] = [];
const database = createServer((question) => {
  questions.push(question);
  question.resume();
});

beforeAll(async () => {
  await log.admin().createTopics(topicSpecs('', 1, 1));
  database.listen(0, '127.0.0.1');
  await once(database, 'listening');
});
afterAll(async () => {
  for (const question of questions) question.destroy();
  database.close();
  await log.close();
  rmSync(folder, { recursive: true });
});

it('answers what it has begun, takes no more though it waits for the database, and lets go of the log last', async () => {
  const asked = once(database, 'connection');
  const { port } = database.address() as AddressInfo;
  const own = { KAFKA_BROKERS: 'in-process', COLLECTOR_PORT: '0', LOG_LEVEL: 'silent', WRITE_KEYS_FILE: keysFile };
  const environment = { ...own, DATABASE_URL: `postgres://u:p@127.0.0.1:${port}/x` };
  const service = await start({ environment, log: { ...log, producer: () => producer } });
  const post = (): RawConnection => {
    const made = new RawConnection(service.url);
    made.send(`POST /v1/track HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer ${KEY}\r\n`);
    made.send(`content-length: ${body.length}\r\n\r\n${body}`);
    return made;
  };
  await asked;
  const begun = post();
  await reached.happening;

  const stopped = service.stop();
  expect([await post().receivedToEnd(), happened]).toEqual(['', []]);
  released.happens();
  expect(lastAnswerIn(await begun.receivedToEnd()).status).toBe(200);
  happened.push('all is answered');
  await stopped;
  expect(happened).toEqual(['all is answered', 'the log is let go']);
});
