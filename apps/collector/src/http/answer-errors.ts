/** Answers to what reaches no endpoint, in the shape of every answer: broken requests, and errors of the framework. */
import type { ServerResponse } from 'node:http';
import {
  type ArgumentsHost,
  BadRequestException,
  Catch,
  type ExceptionFilter,
  NotFoundException,
  ServiceUnavailableException,
} from '@nestjs/common';
import type { Intake } from '../intake';
import { refuse, type Refusal } from '../outcome';
import { answer, lastAnswer } from './answer';
import { NO_HOST, type OnBrokenRequest } from './server';

/** Ends the connection after the answer. A request that Node gave up is counted as refused here, unless it was taken before. */
export function answerBroken(intake: Pick<Intake, 'refuse'>): OnBrokenRequest {
  return (error, socket, response) => {
    const isAnswered = response?.headersSent === true && !response.req.complete;
    if (!socket.writable || error.code === 'ECONNRESET' || isAnswered) {
      socket.destroy(error);
      return;
    }
    const refusal = refusalOf(error.code);
    // A request whose body is being read is counted when that fails; it is known who may read the answer.
    const isTaken = response?.headersSent === false;
    const bytes = isTaken ? lastAnswer(refusal, response.getHeaders()) : lastAnswer(intake.refuse(refusal));
    socket.end(bytes, () => socket.destroy(error));
  };
}

function refusalOf(code: string | undefined): Refusal {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return late;
    case 'HPE_INVALID_EOF_STATE':
      return cut;
    case NO_HOST:
      return noHost;
    case 'HPE_HEADER_OVERFLOW':
      return largeHeaders;
    default:
      return notHttp;
  }
}

const late = refuse('incomplete', 'The request did not come as a whole within 30 s: send it again.');
const cut = refuse('incomplete', 'The request ended early: send it again, as a whole.');
const noHost = refuse('invalid', 'The request has no Host header: send one.');
const largeHeaders = refuse('large-headers', 'The headers have more than 16 KiB: send fewer or shorter headers.');
const notHttp = refuse('invalid', 'The request is not HTTP/1.1: look at what sends it.');

/** Gives every error of the framework the shape of an answer. */
@Catch()
export class ShapeErrors implements ExceptionFilter {
  constructor(private readonly intake: Intake) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<ServerResponse>();
    if (response.headersSent) {
      response.destroy();
      return;
    }
    // The report of /health, whose shape is that of every service.
    if (error instanceof ServiceUnavailableException) {
      response.writeHead(503, { 'content-type': 'application/json; charset=utf-8' });
      response.end(JSON.stringify(error.getResponse()));
      return;
    }
    answer(response, this.refusalOf(error));
  }

  private refusalOf(error: unknown): Refusal {
    if (error instanceof NotFoundException) return this.intake.refuse(unknownEndpoint);
    if (error instanceof BadRequestException) return this.intake.refuse(unreadableAddress);
    return this.intake.failed(error);
  }
}

/** To a path that is no endpoint. */
export const unknownEndpoint = refuse(
  'unknown-endpoint',
  'There is no such endpoint: POST to /v1/track, identify, page, screen, group, alias, batch, import or events.',
);
const unreadableAddress = refuse('invalid', 'The address cannot be read: write each % in it as %25.');
