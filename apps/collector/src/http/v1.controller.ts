import type { IncomingMessage, ServerResponse } from 'node:http';
import { All, Controller, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { readEvents } from '../cloud-events/read-events';
import type { Intake } from '../intake';
import type { Endpoint } from '../request';
import { isActivityType, readBatch, readMessage } from '../segment/read-segment';
import { INTAKE } from '../tokens';
import { answer } from './answer';
import { unknownEndpoint } from './shape-errors';

/** The endpoints; docs/collector.md describes them. */
@Controller('v1')
export class V1Controller {
  constructor(@Inject(INTAKE) private readonly intake: Intake) {}

  @Post('events')
  events(@Req() request: IncomingMessage, @Res() response: ServerResponse): Promise<void> {
    return this.take(request, response, { read: readEvents, keyIn: 'headers' });
  }

  @Post('batch')
  batch(@Req() request: IncomingMessage, @Res() response: ServerResponse): Promise<void> {
    return this.take(request, response, { read: readBatch, keyIn: 'headers or body' });
  }

  @Post(':type')
  async message(
    @Param('type') type: string,
    @Req() request: IncomingMessage,
    @Res() response: ServerResponse,
  ): Promise<void> {
    if (!isActivityType(type)) this.other(response);
    else await this.take(request, response, { read: readMessage(type), keyIn: 'headers or body' });
  }

  @All('*path')
  other(@Res() response: ServerResponse): void {
    answer(response, this.intake.refuse(unknownEndpoint));
  }

  private async take(request: IncomingMessage, response: ServerResponse, endpoint: Endpoint): Promise<void> {
    const { headers, headersDistinct: headerValues } = request;
    const body = (): AsyncIterable<Buffer> => request.iterator({ destroyOnReturn: false });
    answer(response, await this.intake.take({ headers, headerValues, body }, endpoint));
    // What a refusal left unread: a sender that cannot end its request would be cut off, and not read the answer.
    request.resume();
  }
}
