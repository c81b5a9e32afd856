/** Brokers that take connections and never answer, as behind a firewall or while they hang. */
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { kafkaOptions } from '../fixtures/kafka-bench';
import type { Log } from '@perennial/stream';
import { createKafkaLog } from './kafka-log';

const NEVER_MS = 600_000;

let server: Server;
let sockets: Socket[];
let log: Log;
let connected: Promise<void>;

beforeEach(async () => {
  sockets = [];
  connected = new Promise((resolve) => {
    server = createServer((socket) => {
      sockets.push(socket.on('error', () => undefined));
      resolve();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  log = createKafkaLog(kafkaOptions(`127.0.0.1:${port}`, { requestTimeoutMs: NEVER_MS }));
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

describe('While no broker answers', () => {
  it('a producer that connects is given up at once when it is closed', async () => {
    const producer = log.producer();
    const refused = expect(producer.connect()).rejects.toMatchObject({ code: 'STREAM.CLOSED' });
    await connected;
    await producer.close();
    await refused;
    await log.close();
  });

  it('calls of an admin are given up at once when it, or the log, is closed, and none is made afterwards', async () => {
    const admin = log.admin();
    const refused = expect(admin.offsets('t')).rejects.toMatchObject({ name: 'RetryableError' });
    await connected;
    await admin.close();
    await refused;
    const other = expect(log.admin().connect()).rejects.toMatchObject({ name: 'RetryableError' });
    await log.close();
    await other;
    await expect(log.admin().connect()).rejects.toMatchObject({ code: 'STREAM.CLOSED' });
  });
});
