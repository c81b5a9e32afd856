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
import { answer } from './answer';

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

export const unknownEndpoint = refuse(
  'unknown-endpoint',
  'There is no such endpoint: POST to /v1/track, identify, page, screen, group, alias, batch, import or events.',
);
const unreadableAddress = refuse('invalid', 'The address cannot be read: write each % in it as %25.');
