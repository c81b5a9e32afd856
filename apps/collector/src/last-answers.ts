/**
 * Ends the connections of a server that stops.
 *
 * 1. Every request that has begun to be answered is: of the answers that a connection waits for, the last one says that it is
 *    (`Connection: close`). A client that sends request after request would else keep the server from closing for as long as it
 *    likes, and one that was just being answered for as long as an idle connection is kept (5 s).
 * 2. A connection that has never said anything is closed at once, and one whose request does not come as a whole when its time
 *    is up: a server that listens no more does not look at its time-outs any more.
 * 3. Of a connection one answer is kept, and nothing when it has closed, however many requests were pipelined on it: answers that
 *    have not had their turn tell of no end.
 */
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export interface OpenConnections {
  /** Connections that are open. */
  readonly count: () => number;
  /** Lets them end; the server has to be closed, too. */
  readonly end: () => void;
}

/** `patienceMs`: how long requests that have begun may take until they are there and answered. */
export function endConnectionsOnClose(server: Server, patienceMs: number): OpenConnections {
  /** The answer to the newest request of each connection; null: it has not asked yet. */
  const newest = new Map<Socket, ServerResponse | null>();
  let ending = false;
  server.prependListener('connection', (socket: Socket) => {
    newest.set(socket, null);
    socket.once('close', () => newest.delete(socket));
  });
  server.prependListener('request', ({ socket }, response) => {
    const before = newest.get(socket);
    if (before === undefined) return;
    newest.set(socket, response);
    if (!ending && server.listening) return;
    // The one that was to be the last is not any more.
    if (before?.headersSent === false) before.removeHeader('connection');
    tellLast(response);
  });
  return {
    count: () => newest.size,
    end: () => {
      ending = true;
      for (const [socket, response] of newest) {
        if (socket.bytesRead === 0) socket.destroy();
        else if (response !== null) tellLast(response);
      }
      setTimeout(() => {
        server.closeAllConnections();
      }, patienceMs).unref();
    },
  };
}

function tellLast(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'close');
}
