import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { HttpLimits } from './limits';

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
