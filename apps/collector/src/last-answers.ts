import type { Server, ServerResponse } from 'node:http';

/**
 * Once the server listens no more, or `end` was called, each answer is the last of its connection: a client that sends
 * request after request would else keep the server from closing for as long as it likes, and one that was just being
 * answered for as long as an idle connection is kept (5 s).
 */
export function endConnectionsOnClose(server: Server): { readonly end: () => void } {
  const unanswered = new Set<ServerResponse>();
  let ending = false;
  server.prependListener('request', (_request, response) => {
    if (ending || !server.listening) {
      isLast(response);
      return;
    }
    unanswered.add(response);
    response.once('close', () => unanswered.delete(response));
  });
  return {
    end: () => {
      ending = true;
      unanswered.forEach(isLast);
    },
  };
}

function isLast(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'close');
}
