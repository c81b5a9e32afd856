import type { IncomingMessage, ServerResponse } from 'node:http';
import { All, Controller, Inject, Options, Param, Post, Req, Res } from '@nestjs/common';
import type { Intake } from '../intake';
import type { Endpoint } from '../request';
import { INTAKE, ORIGINS } from '../tokens';
import { answer, answerPermission } from './answer';
import { answerOptions, type Origins } from './answer-options';
import { ENDPOINTS, EVENTS } from './endpoints';
import { unknownEndpoint } from './shape-errors';

@Controller('v1')
export class V1Controller {
  constructor(
    @Inject(INTAKE) private readonly intake: Intake,
    @Inject(ORIGINS) private readonly origins: Origins,
  ) {}

  @Post(':name')
  async take(@Param('name') name: string, @Req() request: IncomingMessage, @Res() response: ServerResponse) {
    const endpoint = ENDPOINTS.get(name);
    if (endpoint === undefined) this.other(response);
    else await this.takeAt(endpoint, request, response);
  }

  @Options(':name')
  options(@Param('name') name: string, @Req() { headers }: IncomingMessage, @Res() response: ServerResponse): void {
    if (!ENDPOINTS.has(name)) {
      this.other(response);
      return;
    }
    const answered = answerOptions(headers, name === EVENTS, this.origins);
    if (answered.kind === 'refused') answer(response, this.intake.refuse(answered));
    else answerPermission(response, answered);
  }

  @All('*path')
  other(@Res() response: ServerResponse): void {
    answer(response, this.intake.refuse(unknownEndpoint));
  }

  private async takeAt(endpoint: Endpoint, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { headers, headersDistinct: headerValues } = request;
    const body = (): AsyncIterable<Buffer> => request.iterator({ destroyOnReturn: false });
    answer(response, await this.intake.take({ headers, headerValues, body }, endpoint), endpoint.success);
    // What a refusal left unread: a sender that cannot end its request would be cut off, and not read the answer.
    request.resume();
  }
}
