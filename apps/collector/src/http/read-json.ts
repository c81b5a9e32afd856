import { isShallow, type Json } from '@perennial/values';
import { refuse, type Refusal } from '../outcome';

/** Properties may nest 32 levels; they may stand in a message, in an event, in a batch. */
const MAX_LEVELS = 40;

const utf8 = new TextDecoder('utf-8', { fatal: true });

export interface Body {
  readonly kind: 'body';
  readonly json: Json;
}

/** The body as JSON, nested so deep at most that walking it is safe. */
export function readJson(bytes: Uint8Array): Body | Refusal {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return refuse('invalid', 'The body is not UTF-8: send JSON in UTF-8.');
  }
  try {
    const json = JSON.parse(text) as Json;
    return isShallow(json, MAX_LEVELS)
      ? { kind: 'body', json }
      : refuse('invalid', `The body nests deeper than ${MAX_LEVELS} levels: send flatter data.`);
  } catch {
    return refuse('invalid', 'The body is not JSON: send one JSON document.');
  }
}
