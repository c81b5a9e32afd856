import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { endConnectionsOnClose } from './last-answers';

it('a server closes though a client sends request after request on one connection', async () => {
  let requests = 0;
  const server = createServer((_request, response) => {
    requests += 1;
    if (requests === 3) server.close();
    setImmediate(() => response.end('taken'));
  });
  endConnectionsOnClose(server);
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
  const connections = endConnectionsOnClose(server);
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
