import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { endConnectionsOnClose } from './server';

const PATIENCE_MS = 60_000;

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A connection on which this was said; it stays open. */
async function saying(port: number, said: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  await once(socket, 'connect');
  if (said !== '') socket.write(said);
  return socket;
}

const ended = (socket: Socket) => new Promise((resolve) => socket.once('close', resolve));

const GET = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n';

it('a server closes though a client sends request after request on one connection', async () => {
  let requests = 0;
  const server = createServer((_request, response) => {
    requests += 1;
    if (requests === 3) server.close();
    setImmediate(() => response.end('taken'));
  });
  endConnectionsOnClose(server, PATIENCE_MS);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const refused = new Promise<void>((resolve) => {
    const again = (): void => {
      const asked = get({ port, host: '127.0.0.1', agent }, (response) => {
        response.resume().on('end', () => {
          setImmediate(again);
        });
      });
      // Without the mend it goes on for ever; here it ends, so that the test fails at once.
      asked.on('error', () => {
        resolve();
      });
      if (requests > 50) resolve();
    };
    again();
  });
  await refused;
  expect(requests).toBeLessThanOrEqual(4);
  agent.destroy();
  server.closeAllConnections();
});

it('a server closes with the answer that it was making, though the client would keep the connection', async () => {
  const server = createServer({ keepAliveTimeout: 600_000 });
  const connections = endConnectionsOnClose(server, PATIENCE_MS);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true });
  const asked = once(get({ port, host: '127.0.0.1', agent }), 'response') as Promise<[IncomingMessage]>;
  const [, response] = (await once(server, 'request')) as [IncomingMessage, ServerResponse];
  connections.end();
  const closed = new Promise((resolve) => server.close(resolve));
  response.end('taken');
  const [answer] = await asked;
  expect(answer.headers.connection).toBe('close');
  expect(await text(answer)).toBe('taken');
  await closed;
  agent.destroy();
});

it('all requests that were pipelined are answered before their connection ends (invariant 1)', async () => {
  const answers: ServerResponse[] = [];
  const server = createServer((_request, response) => answers.push(response));
  const connections = endConnectionsOnClose(server, PATIENCE_MS);
  const socket = await saying(await listening(server), GET.repeat(3));
  while (answers.length < 3) await once(server, 'request');
  connections.end();
  const closed = new Promise((resolve) => server.close(resolve));
  for (const [index, answer] of answers.entries()) answer.end(`answer ${index}`);
  const received = await text(socket);
  expect(received.match(/answer \d/g)).toEqual(['answer 0', 'answer 1', 'answer 2']);
  expect(received.match(/connection: close/gi)).toHaveLength(1);
  await closed;
});

it('a connection that never spoke is closed at once, one that does not end its request when its time is up (invariant 2)', async () => {
  const server = createServer((request) => request.resume());
  const connections = endConnectionsOnClose(server, 50);
  const port = await listening(server);
  const accepted = once(server, 'connection');
  const silent = await saying(port, '');
  await accepted;
  const begun = once(server, 'request');
  const halfSent = await saying(port, 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nhalf');
  await begun;
  connections.end();
  await Promise.all([
    new Promise((resolve) => server.close(resolve)),
    ...[silent, halfSent].map((socket) => ended(socket.resume())),
  ]);
  while (connections.count() > 0) await new Promise(setImmediate);
});

it('of a connection that breaks with requests in work nothing is kept (invariant 3)', async () => {
  const server = createServer();
  const connections = endConnectionsOnClose(server, PATIENCE_MS);
  const arrived = once(server, 'request');
  const gone = once(server, 'connection').then(([socket]) => ended(socket as Socket));
  const socket = await saying(await listening(server), GET.repeat(100));
  await arrived;
  expect(connections.count()).toBe(1);
  socket.resetAndDestroy();
  await gone;
  expect(connections.count()).toBe(0);
  await new Promise((resolve) => server.close(resolve));
});
