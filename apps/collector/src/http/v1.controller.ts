import type { IncomingMessage, ServerResponse } from 'node:http';
import { All, Controller, Inject, Options, Param, Post, Req, Res } from '@nestjs/common';
import { ACTIVITY_TYPES } from '@perennial/contracts';
import { readEvents } from '../cloud-events/read-events';
import type { Intake } from '../intake';
import type { Endpoint, Read } from '../request';
import { readBatch, readImport, readMessage } from '../segment/read-segment';
import { answer, answerPermission } from './answer';
import { unknownEndpoint } from './answer-errors';
import { answerOptions, type Origins } from './origins';

/** Token of the `Intake`. */
export const INTAKE = Symbol('Intake');
/** Token of the `Origins` of the settings. */
export const ORIGINS = Symbol('Origins');

/** Where CloudEvents go, and webhooks. */
const EVENTS = 'events';

/** What can be POSTed to under `/v1`, by name; docs/collector.md describes it. Segment's browser library uses the first letters. */
const ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map<string, Endpoint>([
  [EVENTS, { read: readEvents, keyIn: 'headers', success: 202 }],
  ...named(segment(readBatch), 'batch', 'b'),
  ...named(segment(readImport), 'import'),
  ...ACTIVITY_TYPES.flatMap((type) => named(segment(readMessage(type)), type, type.charAt(0))),
]);

/** Answers 200, as Segment does: its libraries for PHP and Python send what is answered with 202 again, without end. */
function segment(read: Read): Endpoint {
  return { read, keyIn: 'headers or body', success: 200 };
}

function named(endpoint: Endpoint, ...names: readonly string[]): readonly (readonly [string, Endpoint])[] {
  return names.map((name) => [name, endpoint]);
}

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
