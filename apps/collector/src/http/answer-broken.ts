/** Answers what Node could not make a request of, in the shape of every answer. */
import type { Intake } from '../intake';
import { refuse, type Refusal } from '../outcome';
import { lastAnswer } from './answer';
import { NO_HOST, type OnBrokenRequest } from './http-adapter';

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
