import type { Server } from 'node:http';

/**
 * Once the server listens no more, each answer is the last of its connection: a client that sends request after request
 * would else keep the server from closing for as long as it likes.
 */
export function endConnectionsOnClose(server: Server): void {
  server.prependListener('request', (_request, response) => {
    if (!server.listening) response.setHeader('connection', 'close');
  });
}
