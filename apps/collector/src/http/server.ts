/**
 * The collector's HTTP server: its bounds before anything is known of who sends, and how its connections end.
 *
 * 1. Every request that has begun to be answered is: of the answers that a connection waits for, the last one says that it is
 *    (`Connection: close`). A client that sends request after request would else keep the server from closing for as long as it
 *    likes, and one that was just being answered for as long as an idle connection is kept (5 s).
 * 2. A connection that has never said anything is closed at once, and one whose request does not come as a whole when its time
 *    is up: a server that listens no more does not look at its time-outs any more.
 * 3. Of a connection one answer is kept, and nothing when it has closed, however many requests were pipelined on it: answers that
 *    have not had their turn tell of no end.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { ExpressAdapter } from '@nestjs/platform-express';

/** Bounds of time and number. */
export interface HttpLimits {
  /** Until the headers are there, in ms. */
  readonly headersTimeoutMs: number;
  /** Until the whole request is there, in ms. */
  readonly requestTimeoutMs: number;
  /** How often the two are looked at, in ms: a request is given up so much later at most. */
  readonly checkEveryMs: number;
  /** Most connections at the same time; more are closed at once. */
  readonly connections: number;
}

/** A request that has not come as a whole 30 s after it began is given up; its headers have 10 s. */
export const HTTP_TIMEOUTS = { headersTimeoutMs: 9_000, requestTimeoutMs: 29_000, checkEveryMs: 1_000 } as const;

/** A request that cannot be read as HTTP, or does not come in time; `response` is that of the last one on its connection. */
export type OnBrokenRequest = (
  error: NodeJS.ErrnoException,
  socket: Duplex,
  response: ServerResponse | undefined,
) => void;

/** Code of the error of an HTTP/1.1 request without a Host header. */
export const NO_HOST = 'ERR_HTTP_NO_HOST';

/** Nest's adapter over an HTTP server with bounds; Nest's own makes one without. */
export class BoundedHttpAdapter extends ExpressAdapter {
  constructor(
    private readonly limits: HttpLimits,
    private readonly onBroken: OnBrokenRequest,
    private readonly onDropped: () => void,
  ) {
    super();
  }

  override initHttpServer(): void {
    const { headersTimeoutMs, requestTimeoutMs, checkEveryMs, connections } = this.limits;
    const options = {
      headersTimeout: headersTimeoutMs,
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: checkEveryMs,
      // Node would refuse such a request by itself, in another shape.
      requireHostHeader: false,
    };
    const express = this.getInstance<(request: IncomingMessage, response: ServerResponse) => void>();
    const responses = new WeakMap<Duplex, ServerResponse>();
    const server = createServer(options, (request, response) => {
      if (request.httpVersion === '1.1' && request.headers.host === undefined) {
        this.onBroken(Object.assign(new Error('no Host header'), { code: NO_HOST }), request.socket, undefined);
        return;
      }
      responses.set(request.socket, response);
      express(request, response);
    });
    server.maxConnections = connections;
    server.on('drop', this.onDropped);
    server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
      this.onBroken(error, socket, responses.get(socket));
    });
    // An expectation that is not known may be passed over (RFC 9110, 10.1.1); Node would answer 417 with no body.
    server.on('checkExpectation', (request, response) => server.emit('request', request, response));
    this.httpServer = server;
  }
}

/** The connections of one server. */
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
