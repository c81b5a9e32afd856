import { type DeadLetter, type Header } from '@perennial/contracts';
import { formatInstant } from '@perennial/values';
import type { Resolution } from '@perennial/store';
import { type Found, identityOf } from './find-dead-letters';

const SHOWN_BYTES = 4_000;

/** One line of `list`. */
export function lineOf({ letter, resolution }: Found): string {
  const { position, cause, detail, key, appendedAt } = letter;
  const state = resolution === null ? '' : `  [${stateOf(resolution)}]`;
  return `${identityOf(position)}  ${formatInstant(appendedAt)}  ${cause}  ${shownKey(key)}  ${detail}${state}`;
}

/** Everything, for `show`, in lines. */
export function describeDeadLetter({ letter, resolution }: Found): readonly string[] {
  const { position, cause, detail, key, value, headers, appendedAt, setAsideAt } = letter;
  return [
    `id          ${identityOf(position)}`,
    `cause       ${cause}`,
    `detail      ${detail}`,
    `appended    ${formatInstant(appendedAt)}`,
    `set aside   ${formatInstant(setAsideAt)}`,
    `state       ${stateOf(resolution)}`,
    `key         ${shownKey(key)}`,
    ...headers.map(({ name, value: bytes }) => `header      ${shownName(name)}: ${shownHeader(bytes)}`),
    `value       ${value === null ? 'none' : `${value.length} bytes`}`,
    ...(value === null ? [] : [shownValue(value)]),
  ];
}

/** For machines. Bytes that are no text come as base64 beside it. */
export function jsonOf({ letter, resolution }: Found, withValue: boolean): string {
  const { position, cause, detail, key, value, headers, appendedAt, setAsideAt }: DeadLetter = letter;
  return JSON.stringify({
    id: identityOf(position),
    ...position,
    cause,
    detail,
    appendedAt: formatInstant(appendedAt),
    setAsideAt: formatInstant(setAsideAt),
    key: textOf(key),
    ...(withValue
      ? { headers: headers.map(headerJson), value: textOf(value), keyBase64: base64(key), valueBase64: base64(value) }
      : { bytes: value?.length ?? 0 }),
    resolution: resolution === null ? null : { ...resolution, at: formatInstant(resolution.at) },
  });
}

function stateOf(resolution: Resolution | null): string {
  if (resolution === null) return 'waits';
  const when = `by ${resolution.by} at ${formatInstant(resolution.at)}`;
  switch (resolution.state) {
    case 'replaying':
      return `replay begun ${when}; replay it again to be sure`;
    case 'replayed':
      return `replayed ${when}`;
    case 'dropped':
      return `dropped ${when}: ${resolution.reason}`;
  }
}

const shownKey = (key: Uint8Array | null): string =>
  key === null ? '(no key)' : (textOf(key) ?? `base64 ${base64(key) ?? ''}`);

const shownName = (name: Header['name']): string => (typeof name === 'string' ? name : `base64 ${base64(name) ?? ''}`);

const shownHeader = (value: Uint8Array | null): string =>
  value === null ? '(null)' : (textOf(value) ?? `(not UTF-8; base64) ${base64(value) ?? ''}`);

/** Text, and beside it the bytes as base64 where they are no text. */
function headerJson({ name, value }: Header): object {
  const [nameText, valueText] = [typeof name === 'string' ? name : null, textOf(value)];
  return {
    name: nameText,
    value: valueText,
    ...(typeof name === 'string' ? {} : { nameBase64: base64(name) }),
    ...(value === null || valueText !== null ? {} : { valueBase64: base64(value) }),
  };
}

function shownValue(value: Uint8Array): string {
  const text = textOf(value);
  if (text === null) return `(not UTF-8; base64) ${Buffer.from(value.subarray(0, SHOWN_BYTES)).toString('base64')}`;
  return text.length > SHOWN_BYTES ? `${text.slice(0, SHOWN_BYTES)} … (cut; --json has all)` : text;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Null when it is none. */
function textOf(bytes: Uint8Array | null): string | null {
  if (bytes === null) return null;
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}

const base64 = (bytes: Uint8Array | null): string | null =>
  bytes === null ? null : Buffer.from(bytes).toString('base64');
