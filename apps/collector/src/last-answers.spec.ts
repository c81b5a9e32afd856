import { once } from 'node:events';
import { Agent, createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
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
