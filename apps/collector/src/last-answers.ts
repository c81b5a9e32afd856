/**
 * Ends the connections of a server that stops.
 *
 * 1. Every request that has begun to be answered is: of the answers that a connection waits for, the last one says that it is
 *    (`Connection: close`). A client that sends request after request would else keep the server from closing for as long as it
 *    likes, and one that was just being answered for as long as an idle connection is kept (5 s).
 * 2. A connection that has never said anything is closed at once, and one whose request does not come as a whole when its time
 *    is up: a server that listens no more does not look at its time-outs any more.
 * 3. Of a connection nothing is kept when it has closed, however many requests were pipelined on it: answers that have not had
 *    their turn tell of no end.
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
  const unanswered = new Map<Socket, Set<ServerResponse>>();
  let ending = false;
  server.prependListener('connection', (socket: Socket) => {
    unanswered.set(socket, new Set());
    socket.once('close', () => unanswered.delete(socket));
  });
  server.prependListener('request', ({ socket }, response) => {
    const answers = unanswered.get(socket);
    if (answers === undefined) return;
    answers.add(response);
    response.once('close', () => answers.delete(response));
    if (ending || !server.listening) tellLast(answers);
  });
  return {
    count: () => unanswered.size,
    end: () => {
      ending = true;
      for (const [socket, answers] of unanswered) {
        if (socket.bytesRead === 0) socket.destroy();
        else tellLast(answers);
      }
      setTimeout(() => {
        server.closeAllConnections();
      }, patienceMs).unref();
    },
  };
}

function tellLast(answers: ReadonlySet<ServerResponse>): void {
  let last: ServerResponse | null = null;
  for (const answer of answers) {
    if (last?.headersSent === false) last.removeHeader('connection');
    last = answer;
  }
  if (last?.headersSent === false) last.setHeader('connection', 'close');
}
